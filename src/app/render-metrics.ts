import { AggregatorRegistry, type Registry } from 'prom-client'

/** In the text format of Prometheus. */
export interface RenderedMetrics {
  readonly contentType: string
  readonly text: string
}

/** Metrics of a process, to be aggregated with those of others. They can be sent to another process. */
export type ProcessMetrics = readonly object[]

export const render = async (register: Registry): Promise<RenderedMetrics> => ({
  contentType: register.contentType,
  text: await register.metrics(),
})

/** The metrics of several processes as those of one. */
export const aggregate = (processes: readonly ProcessMetrics[]): Promise<RenderedMetrics> =>
  render(AggregatorRegistry.aggregate([...processes]))
