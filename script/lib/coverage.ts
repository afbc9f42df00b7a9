/** Share of the lines that ran, from 0 to 1, of all files of an LCOV report below `folder`. */
export const readLineCoverage = (lcov: string, folder: string): number => {
  let found = 0;
  let hit = 0;
  let counts = false;
  for (const line of lcov.split('\n')) {
    const [key, value = ''] = line.split(/:(.*)/s);
    if (key === 'SF') counts = value.startsWith(`${folder}/`);
    else if (counts && key === 'LF') found += Number(value);
    else if (counts && key === 'LH') hit += Number(value);
  }
  return found === 0 ? 0 : hit / found;
};
