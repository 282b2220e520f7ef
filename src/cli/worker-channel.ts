/** What a worker tells the process that supervises it: it serves requests, and this is its banner. */
export interface ReadyMessage {
  readonly ready: true
  readonly banner: string
}

/** What the supervisor tells one of its workers: it runs the shared jobs from now on. */
export interface JobsMessage {
  readonly runSharedJobs: true
}

export const isReady = (message: unknown): message is ReadyMessage => has(message, 'ready')

const isForJobs = (message: unknown): message is JobsMessage => has(message, 'runSharedJobs')

const has = (message: unknown, name: string) =>
  typeof message === 'object' && message !== null && name in message

/** The connection of a worker process with its supervisor. */
export interface WorkerChannel {
  reportReady(banner: string): void
  /** Resolves when this worker is to run the shared jobs. */
  readonly sharedJobs: Promise<void>
}

export const openWorkerChannel = (): WorkerChannel => ({
  reportReady: (banner) => void process.send?.({ ready: true, banner } satisfies ReadyMessage),
  sharedJobs: new Promise((resolve) => {
    process.on('message', (message) => {
      if (isForJobs(message)) resolve()
    })
  }),
})
