import { certain, likely, notSeen } from './asking';
import type { Probe } from './probe';
import { everyComment, type ProbeRecord, type TextTraits } from './record';

const textsOf = (record: ProbeRecord): TextTraits[] => [
  ...[...record.wallPages.values()].flatMap(({ items }) => items.map(({ text }) => text)),
  ...everyComment(record).map(({ text }) => text),
];

/** Whether control characters arrive as they were written. */
// oxlint-disable-next-line require-yield
export const controlCharacters: Probe = function* ({ record }) {
  const texts = textsOf(record);
  const found = texts.filter(({ hasControl }) => hasControl).length;
  const evidence = `${texts.length} texts, ${found} with control characters`;
  if (found > 0) return certain('kept', evidence);
  return notSeen(evidence, 'a text that is known to have been written with one');
};

const CAP = 4_096;
const AT_CAP_MIN = 3;

/** Whether long texts are cut. */
// oxlint-disable-next-line require-yield
export const textLengthMax: Probe = function* ({ record }) {
  const lengths = textsOf(record).map(({ length }) => length);
  const longest = Math.max(0, ...lengths);
  const atCap = lengths.filter((length) => length === CAP).length;
  const evidence = `${lengths.length} texts, the longest of ${longest} characters`;
  if (longest > CAP) return certain(0, evidence);
  if (atCap >= AT_CAP_MIN) return likely(CAP, `${evidence}, ${atCap} of exactly ${CAP}`);
  return notSeen(evidence, `a text of more than ${CAP} characters`);
};
