export interface PrometheusSample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const COMMENT =
  /^# (?:HELP ([a-z_:][\da-z_:]*) \S.*|TYPE ([a-z_:][\da-z_:]*) (?:counter|gauge|histogram))$/;
const SAMPLE = /^([a-z_:][\da-z_:]*)(?:\{((?:[a-z_]+="[^"\\\n]*",?)+)\})? (\S+)$/;
const OF_HISTOGRAM = /_(?:bucket|sum|count)$/;

const labelsOf = (text = ''): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
  );

const sampleOf = (line: string): PrometheusSample => {
  const [, name, labels, value] = SAMPLE.exec(line) ?? [];
  if (name === undefined || !Number.isFinite(Number(value))) {
    throw new Error(`This is no sample: ${line}`);
  }
  return { name, labels: labelsOf(labels), value: Number(value) };
};

/**
 * The samples of a text that Prometheus reads.
 * @throws where a line is none of its format, a sample comes twice, or one has no type.
 */
export const parsePrometheusText = (text: string): PrometheusSample[] => {
  if (!text.endsWith('\n')) throw new Error('The last line has no end.');
  const typed = new Set<string>();
  const seen = new Set<string>();
  const samples: PrometheusSample[] = [];
  for (const line of text.split('\n').filter((line) => line !== '')) {
    if (line.startsWith('#')) {
      const [, helped, name] = COMMENT.exec(line) ?? [];
      if (helped === undefined && name === undefined) throw new Error(`No comment: ${line}`);
      if (name !== undefined && typed.has(name)) throw new Error(`${name} comes twice.`);
      if (name !== undefined) typed.add(name);
      continue;
    }
    const sample = sampleOf(line);
    const isTyped = [sample.name, sample.name.replace(OF_HISTOGRAM, '')].some((n) => typed.has(n));
    const key = line.slice(0, line.lastIndexOf(' '));
    if (!isTyped || seen.has(key)) throw new Error(`Without a type, or twice: ${line}`);
    seen.add(key);
    samples.push(sample);
  }
  return samples;
};

/** The values of a metric by one of its labels, by '' where it has none. */
export const valuesOf = (
  samples: readonly PrometheusSample[],
  name: string,
  label = '',
): Record<string, number> =>
  Object.fromEntries(
    samples
      .filter((sample) => sample.name === name)
      .map(({ labels, value }) => [labels[label] ?? '', value]),
  );
