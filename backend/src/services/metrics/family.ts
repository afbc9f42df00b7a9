/** One gauge with the values it has at a moment, by its labels. */
export interface MetricFamily {
  /** As Prometheus has them: base units at the end, nothing but small letters and underscores. */
  name: string;
  help: string;
  samples: MetricSample[];
}

export interface MetricSample {
  labels?: Record<string, string>;
  value: number;
}

/** A gauge of one value, and none while it is not known. */
export const single = (name: string, help: string, value: number | null): MetricFamily => ({
  name,
  help,
  samples: value === null ? [] : [{ value }],
});

/** A value for every member of a closed list: 0 is shown too, so that alerts can tell it. */
export const byLabel = (
  { name, help, label }: { name: string; help: string; label: string },
  values: readonly string[],
  valueOf: (value: string) => number,
): MetricFamily => ({
  name,
  help,
  samples: values.map((value) => ({ labels: { [label]: value }, value: valueOf(value) })),
});
