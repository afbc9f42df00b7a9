/**
 * Share of the lines that ran in any of the runs, from 0 to 1, of all files of their LCOV reports
 * below `folder`.
 */
export const readLineCoverage = (reports: readonly string[], folder: string): number => {
  const found = new Set<string>();
  const hit = new Set<string>();
  for (const report of reports) {
    let file = '';
    for (const row of report.split('\n')) {
      const [key, value = ''] = row.split(/:(.*)/s);
      if (key === 'SF') file = value;
      if (key !== 'DA' || !file.startsWith(`${folder}/`)) continue;
      const [line, hits] = value.split(',');
      found.add(`${file}:${line}`);
      if (Number(hits) > 0) hit.add(`${file}:${line}`);
    }
  }
  return found.size === 0 ? 0 : hit.size / found.size;
};
