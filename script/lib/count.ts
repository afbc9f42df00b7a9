export interface Count {
  readonly passed: number;
  readonly failed: number;
}

export const sum = (counts: readonly Count[]): Count => ({
  passed: counts.reduce((total, { passed }) => total + passed, 0),
  failed: counts.reduce((total, { failed }) => total + failed, 0),
});

/** The line that every tier ends with and that .ci/run adds up. */
export const formatCount = ({ passed, failed }: Count): string =>
  `${passed} passed, ${failed} failed`;

const readAttribute = (tag: string, name: string): number =>
  Number(new RegExp(`\\s${name}="(\\d+)"`).exec(tag)?.[1] ?? 0);

/**
 * What a run of `bun test` came to, from its JUnit report (null: it wrote none) and its exit code.
 * A run that failed without a failed test, such as a crash or an error between tests, counts as one
 * failure.
 */
export const countReport = (report: string | null, exitCode: number | null): Count => {
  const tag = /<testsuites\b[^>]*>/.exec(report ?? '')?.[0] ?? '';
  const failed = readAttribute(tag, 'failures') + readAttribute(tag, 'errors');
  const passed = readAttribute(tag, 'tests') - failed - readAttribute(tag, 'skipped');
  const isUncounted = failed === 0 && (exitCode !== 0 || tag === '');
  return { passed: Math.max(0, passed), failed: isUncounted ? 1 : failed };
};
