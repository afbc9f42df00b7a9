import { expect, test } from 'bun:test';
import type { LedgerSum, TaskReport } from '@stenograf/contracts/api';
import { createTask } from '../../tests/support/taskFactory';
import { createColors } from './colors';
import { sentencesIn } from './sentences/sentencesIn';
import { renderSummary } from './summary';

const LEDGER: LedgerSum = {
  walks: 7,
  vk_count: 12_345,
  stored: 12_339,
  stubs: 28,
  vanished: 3,
  unlisted: 9,
};

const render = (ledger: LedgerSum, language: 'en' | 'ru' = 'en'): string => {
  const task = createTask({ status: 'completed', ledger });
  const report: TaskReport = { task, metrics: task.metrics, targets: [] };
  const colors = createColors({}, {});
  return renderSummary(report, 0, { colors, language, sentences: sentencesIn(language) }).join(
    '\n',
  );
};

test('a summary tells the whole ledger, in either language', () => {
  for (const language of ['en', 'ru'] as const) {
    const ledger = render(LEDGER, language)
      .split('\n')
      .find((line) => line.includes('12 345'));
    for (const count of ['12 339', '28', '3', '9']) expect(ledger).toContain(count);
  }
});

test('a summary of what was never read has no ledger', () => {
  const nothing = { walks: 0, vk_count: 0, stored: 0, stubs: 0, vanished: 0, unlisted: 0 };
  expect(render(nothing)).not.toContain(sentencesIn('en').rows.ledger);
});
