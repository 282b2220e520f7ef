import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { LoadRequest, LoadResult } from './load.ts'
import type { Operation } from './operations.ts'
import { canPin, cpuSeconds, pin } from './process-usage.ts'
import { headers, type Server } from './servers.ts'

export interface Options {
  readonly rounds: number
  /** Of each round. */
  readonly seconds: number
  readonly connections: number
}

/** One round of one server. */
export interface Reading {
  /** CPU seconds of the server's process for 1,000 requests. */
  readonly cpu: number
  readonly perSecond: number
  readonly p99Ms: number
  readonly failures: number
}

export type Load = (request: LoadRequest) => Promise<LoadResult>

/** The process that sends the load, on the CPU that the servers do not use. */
export function startLoad(): Load {
  const child: ChildProcess = fork(fileURLToPath(new URL('./load.js', import.meta.url)))
  if (child.pid !== undefined) pin(child.pid, '1')
  process.once('exit', () => child.kill('SIGKILL'))
  const ended = once(child, 'exit').then(() => {
    throw new Error('the load generator has ended')
  })
  return async (request) => {
    child.send(request)
    const [result] = await Promise.race([once(child, 'message'), ended])
    return result as LoadResult
  }
}

/** Measures all servers with one operation, in turn: what drifts in the machine drifts for all. */
export async function measure(
  load: Load,
  servers: readonly Server[],
  operation: Operation,
  options: Options,
): Promise<ReadonlyMap<Server, readonly Reading[]>> {
  const readings = new Map<Server, Reading[]>(servers.map((server) => [server, []]))
  const read = (server: Server) => readOnce(load, server, operation, options)
  for (const server of servers) await warmUp(server, () => read(server))
  for (let round = 0; round < options.rounds; round += 1)
    for (const server of servers) readings.get(server)?.push(await read(server))
  return readings
}

const maxWarmUps = 6

/** Until the CPU time for a request no longer falls; on all CPUs, since V8 compiles on other threads. */
async function warmUp({ process: { pid } }: Server, read: () => Promise<Reading>): Promise<void> {
  if (canPin) pin(pid, '0-1')
  let best = Number.POSITIVE_INFINITY
  for (let count = 0; count < maxWarmUps; count += 1) {
    const { cpu } = await read()
    if (count > 1 && cpu > best * 0.95) break
    best = Math.min(best, cpu)
  }
  if (canPin) pin(pid, '0')
}

async function readOnce(
  load: Load,
  server: Server,
  operation: Operation,
  { seconds, connections }: Options,
): Promise<Reading> {
  const before = cpuSeconds(server.process.pid)
  const url = server.urlOf(operation)
  const bodies = server.bodiesOf(operation)
  const { requests, failures, p99Ms, ...result } = await load({ url, headers, bodies, connections, seconds })
  const cpu = ((cpuSeconds(server.process.pid) - before) / requests) * 1000
  return { cpu, perSecond: requests / result.seconds, p99Ms, failures }
}
