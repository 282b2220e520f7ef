import { type MetricKey, metricName, type NodeMetric } from '../app/metric-definitions.ts'

/** PromQL over metrics that the gateway exposes: a name that it does not expose does not compile. */
export const gauge = (key: MetricKey, labels = ''): string => `${metricName(key)}${selector(labels)}`

export const nodeMetric = (name: NodeMetric): string => name

/** Per second, over five minutes. */
export const rate = (key: MetricKey, labels = ''): string => `rate(${gauge(key, labels)}[5m])`

/** Observations of a histogram per second. */
export const countRate = (key: MetricKey, labels = ''): string =>
  `rate(${metricName(key)}_count${selector(labels)}[5m])`

/** How many observations of a histogram there were. */
export const countIncrease = (key: MetricKey, range: string): string =>
  `increase(${metricName(key)}_count[${range}])`

/** A quantile of a histogram, for each value of the labels in `by`. */
export const quantile = (
  share: number,
  key: MetricKey,
  { by = [], labels = '', range = '5m' }: { by?: readonly string[]; labels?: string; range?: string } = {},
): string =>
  `histogram_quantile(${share}, sum by (${['le', ...by].join(', ')}) (rate(${metricName(key)}_bucket${selector(labels)}[${range}])))`

/** `part` as a share of `whole`, for each value of the labels in `by`. */
export const share = (part: string, whole: string, by: readonly string[] = []): string =>
  `sum by (${by.join(', ')}) (${part}) / sum by (${by.join(', ')}) (${whole})`

const selector = (labels: string) => (labels === '' ? '' : `{${labels}}`)
