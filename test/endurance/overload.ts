import { readFileSync } from 'node:fs'
import { Agent, type IncomingMessage, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { percentile } from './client.ts'
import { apiKey, startGatewayProcess, storeEnvironment } from './processes.ts'

/**
 * Measures a gateway process under four times the load that it can answer, its recovery, and the memory of an open event
 * stream. Callers wait for a second after a refusal, as Retry-After says. Accepted requests must stay fast, `/health` must
 * be answered, requests may fail with 503 only, and the gateway must recover.
 *
 *     npm run endurance -- overload [--seconds 10] [--streams 1000] [--store pglite|postgres]
 */
export async function main(args: readonly string[]): Promise<readonly string[]> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '10' },
      streams: { type: 'string', default: '1000' },
      store: { type: 'string', default: 'pglite' },
    },
  })
  const store = await storeEnvironment(values.store, 'gateway_overload')
  const gateway = await startGatewayProcess({ ...store, SANDBOX: 'off', MAX_IN_FLIGHT: String(maxInFlight) })
  const url = new URL('.', gateway.url).href
  const problems = await measureLoad(url, Number(values.seconds))
  const refused = await measureStreams(url, gateway.pid, Number(values.streams))
  await gateway.stop()
  return [...problems, ...(refused > 0 ? [`${refused} event streams were refused`] : [])]
}

const maxInFlight = 256
const limits = { healthMs: 5_000, recoveryMs: 10_000 }
const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
const query =
  '{ connectLinks(first: 20) { nodes { id status } } connections(first: 20) { nodes { id status } } }'

interface Answer {
  /** 0: the connection failed. */
  readonly status: number
  readonly ms: number
}

async function measureLoad(url: string, seconds: number): Promise<readonly string[]> {
  const problems: string[] = []
  const check = (isRight: boolean, problem: string) => void (isRight || problems.push(problem))
  await load(url, 8, 2)
  const calm = await load(url, 16, seconds / 2)
  report('16 callers', calm, seconds / 2)

  const load4 = load(url, 4 * maxInFlight, seconds)
  const health = await probeHealth(url, seconds)
  const overloaded = await load4
  report(`${4 * maxInFlight} callers`, overloaded, seconds)
  const slowest = Math.max(...health.map(({ ms }) => ms))
  console.log(`  /health: ${health.length} answers, slowest ${slowest.toFixed(0)} ms`)
  const accepted = overloaded.filter(({ status }) => status === 200)
  check(accepted.length > 0, 'no request was accepted')
  // A full queue takes this long at the speed of the calm load; refusals cost a part of the processor.
  const queueMs = (1_000 * maxInFlight * (seconds / 2)) / calm.length
  console.log(`  a queue of ${maxInFlight} requests takes ${queueMs.toFixed(0)} ms`)
  check(percentile(timesOf(accepted), 0.95) < 4 * queueMs, 'accepted requests were slow')
  check(
    overloaded.every(({ status }) => [200, 503].includes(status)),
    'a request failed otherwise than with 503',
  )
  check(
    health.every(({ status, ms }) => status === 200 && ms < limits.healthMs),
    '/health was not answered',
  )

  const endedAt = performance.now()
  while ((await send(url)).status !== 200 && performance.now() - endedAt < limits.recoveryMs) await sleep(50)
  const recoveryMs = performance.now() - endedAt
  console.log(`recovery: first answer ${recoveryMs.toFixed(0)} ms after the load`)
  check(recoveryMs < limits.recoveryMs, 'the gateway did not recover')
  report('16 callers after that', await load(url, 16, seconds / 2), seconds / 2)
  return problems
}

const timesOf = (answers: readonly Answer[]) => answers.map(({ ms }) => ms)

/** Prints the resident memory before and after opening the streams; returns how many were refused. */
async function measureStreams(url: string, pid: number, streamCount: number): Promise<number> {
  await sleep(2_000)
  const before = residentKilobytes(pid)
  const streams: IncomingMessage[] = []
  for (let opened = 0; opened < streamCount; opened += 1) streams.push(await openStream(url))
  await sleep(2_000)
  const after = residentKilobytes(pid)
  const refused = streams.filter(({ statusCode }) => statusCode !== 200).length
  console.log(
    `${streamCount - refused} event streams: ${before} kB before, ${after} kB with them, ${((after - before) / streamCount).toFixed(1)} kB each`,
  )
  for (const stream of streams) stream.destroy()
  return refused
}

function openStream(url: string): Promise<IncomingMessage> {
  const body = JSON.stringify({ query: 'subscription { connectLinkUpdated { id status } }' })
  return new Promise((resolve, reject) => {
    const options = {
      method: 'POST',
      agent: false,
      headers: { ...headers, accept: 'text/event-stream' },
    } as const
    const sent = request(`${url}graphql`, options, (response) => {
      response.on('error', () => undefined)
      resolve(response.resume())
    })
    sent.on('error', reject).end(body)
  })
}

const residentKilobytes = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])

/** Callers that send one request after the other. */
async function load(url: string, callers: number, durationSeconds: number): Promise<readonly Answer[]> {
  const answers: Answer[] = []
  const agent = new Agent({ keepAlive: true, maxSockets: callers })
  const endsAt = performance.now() + durationSeconds * 1_000
  const caller = async () => {
    while (performance.now() < endsAt) {
      const answer = await send(url, agent)
      answers.push(answer)
      if (answer.status !== 200) await sleep(1_000)
    }
  }
  await Promise.all(Array.from({ length: callers }, caller))
  agent.destroy()
  return answers
}

async function probeHealth(url: string, durationSeconds: number): Promise<readonly Answer[]> {
  const answers: Answer[] = []
  for (let probe = 0; probe < durationSeconds * 2; probe += 1) {
    answers.push(await send(url, new Agent(), 'health'))
    await sleep(500)
  }
  return answers
}

function send(url: string, agent = new Agent(), path = 'graphql'): Promise<Answer> {
  const startedAt = performance.now()
  return new Promise((resolve) => {
    const end = (status: number) => resolve({ status, ms: performance.now() - startedAt })
    const method = path === 'graphql' ? 'POST' : 'GET'
    const sent = request(url + path, { method, agent, headers }, (response) => {
      response.on('error', () => end(0)).on('end', () => end(response.statusCode ?? 0))
      response.resume()
    })
    sent.on('error', () => end(0)).end(path === 'graphql' ? JSON.stringify({ query }) : undefined)
  })
}

function report(name: string, answers: readonly Answer[], durationSeconds: number): void {
  const accepted = answers.filter(({ status }) => status === 200)
  const refused = answers.filter(({ status }) => status === 503)
  const share = ((100 * refused.length) / answers.length).toFixed(1)
  console.log(
    `${name}: ${(accepted.length / durationSeconds).toFixed(0)} accepted/s, p95 ${percentile(timesOf(accepted), 0.95).toFixed(0)} ms, ${share} % refused with 503, p95 ${percentile(timesOf(refused), 0.95).toFixed(0)} ms, ${answers.length - accepted.length - refused.length} failed`,
  )
}
