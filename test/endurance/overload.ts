import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/**
 * Measures a gateway process under four times the load that it can answer, its recovery, and the memory of an open event
 * stream. Callers wait for a second after a refusal, as Retry-After says. Uses an embedded database, or DATABASE_URL. Exits with code 1 if accepted requests take long, `/health` is not
 * answered, a request fails otherwise than with 503, or the gateway does not recover. Compile and run it:
 *
 *     npx tsc -p . --noEmit false --noCheck --outDir node_modules/.cache/bench
 *     cp -r schema node_modules/.cache/bench/ && cp -r src/server/pages/static node_modules/.cache/bench/src/server/pages/
 *     node node_modules/.cache/bench/test/endurance/overload.js [seconds] [streams]
 */
const seconds = Number(process.argv[2] ?? 10)
const streamCount = Number(process.argv[3] ?? 1_000)
const maxInFlight = 256
const limits = { healthMs: 5_000, recoveryMs: 10_000 }
const apiKey = 'a-key-for-the-overload-measurement'
const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' }
const query =
  '{ connectLinks(first: 20) { nodes { id status } } connections(first: 20) { nodes { id status } } }'

interface Answer {
  /** 0: the connection failed. */
  readonly status: number
  readonly ms: number
}

const problems: string[] = []
const check = (isRight: boolean, problem: string) => void (isRight || problems.push(problem))
const print = (text: string) => void process.stdout.write(`${text}\n`)

const folder = mkdtempSync(join(tmpdir(), 'gateway-overload-'))
const gateway = spawn(
  process.execPath,
  [fileURLToPath(new URL('../../src/main.js', import.meta.url)), 'serve'],
  {
    env: {
      PATH: process.env.PATH ?? '',
      ...(process.env.DATABASE_URL ? { DATABASE_URL: process.env.DATABASE_URL } : {}),
      DATA_DIR: folder,
      GATEWAY_API_KEY: apiKey,
      SANDBOX: 'off',
      PORT: '0',
      MAX_IN_FLIGHT: String(maxInFlight),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  },
)
try {
  await measureAll(await addressOf())
} finally {
  gateway.kill()
  rmSync(folder, { recursive: true, force: true })
}
for (const problem of problems) print(`VIOLATION: ${problem}`)
process.exit(problems.length === 0 ? 0 : 1)

async function measureAll(url: string): Promise<void> {
  await load(url, 8, 2)
  const calm = await load(url, 16, seconds / 2)
  report('16 callers', calm, seconds / 2)

  const load4 = load(url, 4 * maxInFlight, seconds)
  const health = await probeHealth(url, seconds)
  const overloaded = await load4
  report(`${4 * maxInFlight} callers`, overloaded, seconds)
  print(
    `  /health: ${health.length} answers, slowest ${Math.max(...health.map(({ ms }) => ms)).toFixed(0)} ms`,
  )
  const accepted = overloaded.filter(({ status }) => status === 200)
  check(accepted.length > 0, 'no request was accepted')
  // A full queue takes this long at the speed of the calm load; refusals cost a part of the processor.
  const queueMs = (1_000 * maxInFlight * (seconds / 2)) / calm.length
  print(`  a queue of ${maxInFlight} requests takes ${queueMs.toFixed(0)} ms`)
  check(percentile(accepted, 0.95) < 4 * queueMs, 'accepted requests were slow')
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
  print(`recovery: first answer ${recoveryMs.toFixed(0)} ms after the load`)
  check(recoveryMs < limits.recoveryMs, 'the gateway did not recover')
  report('16 callers after that', await load(url, 16, seconds / 2), seconds / 2)
  await measureStreams(url)
}

/** Resident memory before and after opening the streams. */
async function measureStreams(url: string): Promise<void> {
  await sleep(2_000)
  const before = residentKilobytes()
  const streams: IncomingMessage[] = []
  for (let opened = 0; opened < streamCount; opened += 1) streams.push(await openStream(url))
  await sleep(2_000)
  const after = residentKilobytes()
  const refused = streams.filter(({ statusCode }) => statusCode !== 200).length
  print(
    `${streamCount - refused} event streams: ${before} kB before, ${after} kB with them, ${((after - before) / streamCount).toFixed(1)} kB each`,
  )
  check(refused === 0, `${refused} event streams were refused`)
  for (const stream of streams) stream.destroy()
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

const residentKilobytes = () =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${gateway.pid}/status`, 'utf8'))?.[1])

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
  print(
    `${name}: ${(accepted.length / durationSeconds).toFixed(0)} accepted/s, p95 ${percentile(accepted, 0.95).toFixed(0)} ms, ${share} % refused with 503, p95 ${percentile(refused, 0.95).toFixed(0)} ms, ${answers.length - accepted.length - refused.length} failed`,
  )
}

function percentile(answers: readonly Answer[], share: number): number {
  const sorted = answers.map(({ ms }) => ms).toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length * share)] ?? 0
}

function addressOf(): Promise<string> {
  let output = ''
  return new Promise((resolve, reject) => {
    gateway.once('exit', (code) => reject(new Error(`the gateway exited (${code})`)))
    gateway.stdout.on('data', (chunk) => {
      output += chunk
      const address = /Start here +(http:\/\/[\d.]+:\d+\/)/.exec(output)?.[1]
      if (address !== undefined && output.includes('Ctrl-C')) resolve(address)
    })
  })
}
