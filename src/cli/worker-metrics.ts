import type { Worker } from 'node:cluster'
import type { ProcessMetrics } from '../app/render-metrics.ts'
import { isMetrics, type MetricsRequest } from './worker-channel.ts'

/** How long the metrics of a worker are waited for; without an answer they are missing in the sums. */
const waitMs = 5_000

let requests = 0

/** The metrics of each worker that answers in time. */
export async function readWorkerMetrics(workers: Iterable<Worker>): Promise<readonly ProcessMetrics[]> {
  const read = await Promise.all([...workers].map(readOne))
  return read.filter((metrics) => metrics !== null)
}

function readOne(worker: Worker): Promise<ProcessMetrics | null> {
  requests += 1
  const id = requests
  return new Promise((resolve) => {
    const finish = (metrics: ProcessMetrics | null) => {
      clearTimeout(timer)
      worker.off('message', onMessage)
      worker.off('exit', onExit)
      resolve(metrics)
    }
    const onMessage = (message: unknown) => {
      if (isMetrics(message) && message.requestId === id) finish(message.metrics)
    }
    const onExit = () => finish(null)
    const timer = setTimeout(onExit, waitMs)
    worker.on('message', onMessage)
    worker.on('exit', onExit)
    worker.send({ readMetrics: id } satisfies MetricsRequest, () => undefined)
  })
}
