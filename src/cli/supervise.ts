import cluster, { type Worker } from 'node:cluster'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '../app/config.ts'
import { createLog } from '../app/log.ts'
import { OperatorError } from '../domain/errors.ts'
import type { Log } from '../domain/log.ts'
import { serveMetricsOn } from './metrics-server.ts'
import type { RunningGateway } from './running-gateway.ts'
import { needsSandbox, type SharedSandbox, sharedSandbox } from './use-sandbox.ts'
import { isReady, type JobsMessage } from './worker-channel.ts'
import { readWorkerMetrics } from './worker-metrics.ts'

/** A worker could not be started; it has printed its error. */
export class WorkerError extends OperatorError {
  override readonly name = 'WorkerError'
}

const startError = () => new WorkerError('A worker process cannot be started.')

/** Ends of workers within this time delay the start of the next one: 0.1 s after the first, doubled by each further one. */
const recentMs = 60_000
const minDelayMs = 100
const maxDelayMs = 30_000
/** While no worker serves requests, so many failed starts in a row end the program. */
const maxFailedStarts = 5
/** More than the time limits of all steps of a worker's shutdown, without the delay that is configured. */
const shutdownLimitMs = 40_000

/**
 * Runs `config.workers` processes that share the port and the database. This process serves nothing: it replaces workers
 * that end unexpectedly, and runs the sandbox, if it is used.
 */
export function supervise(config: Config, print: (text: string) => void): RunningGateway {
  const log = createLog(config.logLevel)
  const running = new Set<Worker>()
  const ready = new Set<Worker>()
  const stopping = new AbortController()
  const recentEnds: number[] = []
  let sandbox: SharedSandbox | null = null
  let jobsWorker: Worker | null = null
  let stopMetrics: () => Promise<void> = async () => undefined
  let isClean = true
  let fail: (error: Error) => void = () => undefined
  const failed = new Promise<never>((_, reject) => {
    fail = reject
  })
  // Handled: a shutdown may be waiting for something else.
  failed.catch(() => undefined)

  /** Of the ready workers, one runs the shared jobs. */
  function assignJobs(): void {
    if (jobsWorker !== null) return
    const [next] = ready
    jobsWorker = next ?? null
    next?.send({ runSharedJobs: true } satisfies JobsMessage, () => undefined)
  }

  /** Starts a worker; resolves to its banner when it serves requests, and rejects if it ends before. */
  function startWorker(): Promise<string> {
    const worker = cluster.fork(sandbox === null ? {} : { SANDBOX_PORT: sandbox.url.port })
    running.add(worker)
    worker.on('error', () => undefined)
    return new Promise((resolve, reject) => {
      worker.on('message', (message: unknown) => {
        if (!isReady(message)) return
        ready.add(worker)
        assignJobs()
        resolve(message.banner)
      })
      worker.once('exit', (code, signal) => {
        running.delete(worker)
        const wasReady = ready.delete(worker)
        reject(startError())
        if (wasReady) onEnd(worker, { code, signal })
      })
    })
  }

  function onEnd(worker: Worker, { code, signal }: { readonly code: number; readonly signal: string }): void {
    if (stopping.signal.aborted) {
      isClean &&= code === 0
      return
    }
    log.error({ worker: worker.process.pid, code, signal }, 'a worker ended: another one is started')
    if (jobsWorker === worker) jobsWorker = null
    assignJobs()
    void replace()
  }

  async function replace(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; failures += 1) {
      if (failures >= maxFailedStarts && ready.size === 0) return fail(startError())
      await sleep(restartDelay(recentEnds), undefined, { signal: stopping.signal }).catch(() => undefined)
      if (stopping.signal.aborted) return
      const isStarted = await startWorker().then(
        () => true,
        () => false,
      )
      if (isStarted) return log.info({ workers: ready.size }, 'a worker was replaced')
    }
  }

  async function start(): Promise<void> {
    if (needsSandbox(config)) sandbox = await sharedSandbox(config)
    if (stopping.signal.aborted) return
    // The first one alone: it migrates the database, and an error of the environment is printed once.
    const banner = await startWorker()
    await Promise.all(Array.from({ length: config.workers - 1 }, startWorker))
    log.info({ workers: ready.size }, 'all workers are ready')
    if (config.metricsPort !== null) stopMetrics = await serveWorkerMetrics(config, ready, log)
    print(banner)
  }

  return {
    started: start(),
    failed,
    async stop() {
      stopping.abort()
      for (const worker of running) worker.process.kill('SIGTERM')
      const allEnded = Promise.all([...running].map(ended)).then(() => true)
      const limitMs = config.shutdownDelaySeconds * 1_000 + shutdownLimitMs
      if (!(await Promise.race([allEnded, sleep(limitMs, false, { ref: false })]))) {
        isClean = false
        log.error({}, 'workers did not end in time')
        for (const worker of running) worker.process.kill('SIGKILL')
      }
      await stopMetrics()
      await sandbox?.close()
      return isClean
    },
  }
}

/** Serves the metrics of all workers together. */
async function serveWorkerMetrics(config: Config, workers: ReadonlySet<Worker>, log: Log) {
  const { aggregate } = await import('../app/render-metrics.ts')
  return serveMetricsOn(config, { render: async () => aggregate(await readWorkerMetrics(workers)) }, log)
}

const ended = (worker: Worker) => new Promise<void>((resolve) => worker.once('exit', () => resolve()))

/** Records the end of a worker; returns after how many milliseconds the next one is started. */
function restartDelay(recentEnds: number[]): number {
  const now = performance.now()
  recentEnds.push(now)
  while (now - (recentEnds[0] ?? now) > recentMs) recentEnds.shift()
  return Math.min(maxDelayMs, minDelayMs * 2 ** (recentEnds.length - 1))
}
