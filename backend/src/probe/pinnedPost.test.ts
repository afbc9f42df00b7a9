import { expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Answer, Asking, ProbeCall } from './asking';
import { pinnedRepeated } from './pinnedPost';
import type { ProbeContext } from './probe';
import { createRecord } from './record';
import { survey } from './survey';

interface Wall {
  posts: number;
  /** Place of the pinned post by its date, newest first. */
  pinned: number;
  isRepeated: boolean;
}

/** wall.get of a wall whose posts are dated by their place. */
const answerWall = ({ posts, pinned, isRepeated }: Wall, { params }: ProbeCall): Answer => {
  const places = Array.from({ length: posts }, (_, place) => place);
  const list = [pinned, ...(isRepeated ? places : places.filter((place) => place !== pinned))];
  const offset = Number(params['offset']);
  const items = list.slice(offset, offset + 100).map((place) => ({
    id: posts - place,
    date: 1_000_000 - place,
    ...(place === pinned ? { is_pinned: 1 } : {}),
  }));
  return { ok: true, response: { count: posts, items } };
};

const drive = <T>(asking: Asking<T>, answer: (call: ProbeCall) => Answer) => {
  let calls = 0;
  let step = asking.next();
  for (; !step.done; calls += 1) step = asking.next(answer(step.value));
  return { found: step.value, calls };
};

const probe = (wall: Wall) => {
  const record = createRecord();
  const answer = (call: ProbeCall): Answer =>
    call.method === 'groups.getById'
      ? { ok: true, response: { groups: [{ id: 1 }] } }
      : answerWall(wall, call);
  const { found } = drive(survey(record, ['1']), answer);
  return drive(pinnedRepeated({ record, survey: found } as unknown as ProbeContext), answer);
};

test('the place of a pinned post is found anywhere in a long wall, in ten more pages at most', () => {
  const walls = fc.integer({ min: 2, max: 60_000 }).chain((posts) =>
    fc.record({
      posts: fc.constant(posts),
      pinned: fc.oneof(fc.integer({ min: 0, max: posts - 1 }), fc.constantFrom(0, posts - 1)),
      isRepeated: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(walls, (wall) => {
      const { found, calls } = probe(wall);
      expect(found).toMatchObject({ state: 'seen', value: wall.isRepeated });
      expect(calls).toBeLessThanOrEqual(10);
    }),
    { numRuns: 200 },
  );
});
