import type { ProcessMetrics } from '../app/render-metrics.ts'

/** What a worker tells the process that supervises it: it serves requests, and this is its banner. */
export interface ReadyMessage {
  readonly ready: true
  readonly banner: string
}

/** What the supervisor tells one of its workers: it runs the shared jobs from now on. */
export interface JobsMessage {
  readonly runSharedJobs: true
}

/** What the supervisor asks a worker for. */
export interface MetricsRequest {
  /** ID of the request. */
  readonly readMetrics: number
}

/** The answer; `null`: they cannot be read. */
export interface MetricsMessage {
  readonly requestId: number
  readonly metrics: ProcessMetrics | null
}

export const isMetrics = (message: unknown): message is MetricsMessage => has(message, 'metrics')

const isMetricsRequest = (message: unknown): message is MetricsRequest => has(message, 'readMetrics')

export const isReady = (message: unknown): message is ReadyMessage => has(message, 'ready')

const isForJobs = (message: unknown): message is JobsMessage => has(message, 'runSharedJobs')

const has = (message: unknown, name: string) =>
  typeof message === 'object' && message !== null && name in message

/** The connection of a worker process with its supervisor. */
export interface WorkerChannel {
  reportReady(banner: string): void
  /** Resolves when this worker is to run the shared jobs. */
  readonly sharedJobs: Promise<void>
  /** Answers the supervisor's requests for the metrics of this worker. */
  shareMetrics(read: () => Promise<ProcessMetrics>): void
}

export const openWorkerChannel = (): WorkerChannel => ({
  reportReady: (banner) => void process.send?.({ ready: true, banner } satisfies ReadyMessage),
  sharedJobs: new Promise((resolve) => {
    process.on('message', (message) => {
      if (isForJobs(message)) resolve()
    })
  }),
  shareMetrics(read) {
    process.on('message', (message) => {
      if (!isMetricsRequest(message)) return
      const answer = (metrics: ProcessMetrics | null) =>
        process.send?.({ requestId: message.readMetrics, metrics } satisfies MetricsMessage)
      void read().then(answer, () => answer(null))
    })
  },
})
