import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import {
  ConnectionsDocument,
  ConnectLinkDocument,
  ConnectLinkUpdatedDocument,
  ConnectorsDocument,
  CreateConnectLinkDocument,
  RevokeConnectLinkDocument,
} from '../generated/graphql.ts'
import { randomFrom } from '../helpers/random.ts'
import { credentialsFor } from '../helpers/sandbox-credentials.ts'
import { type Client, createClient, percentile, repeat } from './client.ts'
import { type ProcessReading, readProcess } from './process-readings.ts'
import { apiKey, startGatewayProcess, startSandboxProcess, storeEnvironment } from './processes.ts'

/**
 * Mixed load with event streams that come and go: memory, file descriptors and database connections must not grow.
 *
 *     npm run endurance -- soak [--minutes 30] [--store pglite|postgres] [--streams 200]
 *
 * Compares the median resident memory of the fifth minute (or of the first third, if that is earlier) with that of the
 * last one.
 */
interface Reading extends ProcessReading {
  readonly minute: number
}

export async function main(args: readonly string[]): Promise<readonly string[]> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '30' },
      store: { type: 'string', default: 'pglite' },
      streams: { type: 'string', default: '200' },
    },
  })
  const minutes = Number(values.minutes)
  const sandbox = await startSandboxProcess()
  const store = await storeEnvironment(values.store, 'gateway_soak')
  const gateway = await startGatewayProcess({
    MAX_OPEN_LINKS_PER_END_USER: '1000',
    ...store,
    ...credentialsFor(sandbox.origin),
  })
  const client = createClient(gateway.url)
  const end = new AbortController()
  setMaxListeners(0, end.signal)
  const counts = { operations: 0, failed: 0, streams: 0, events: 0 }
  const work = startLoad({
    client,
    url: gateway.url,
    signal: end.signal,
    counts,
    streams: Number(values.streams),
  })
  const readings: Reading[] = []
  for (let step = 0; step < minutes * 6; step += 1) {
    await sleep(10_000)
    readings.push({ minute: (step + 1) / 6, ...(await readProcess(gateway.pid, store.DATABASE_URL)) })
    if (step % 6 === 5) console.log(JSON.stringify({ ...readings.at(-1), ...counts }))
  }
  end.abort()
  await Promise.all(work)
  await client.close()
  const exitCode = await gateway.stop()
  await sandbox.stop()
  return [
    ...check(readings, minutes),
    ...(exitCode === 0 ? [] : [`the gateway exited with code ${exitCode}`]),
    ...(counts.failed > 0 ? [`${counts.failed} of ${counts.operations} operations failed`] : []),
  ]
}

interface Load {
  readonly client: Client
  readonly url: string
  readonly signal: AbortSignal
  readonly counts: { operations: number; failed: number; streams: number; events: number }
  readonly streams: number
}

function startLoad({ client, url, signal, counts, streams }: Load): readonly Promise<void>[] {
  const random = randomFrom(1)
  const links: string[] = []
  async function count(answer: ReturnType<Client['send']>): Promise<void> {
    const { status, codes } = await answer
    counts.operations += 1
    if (status !== 200 || codes.length > 0) counts.failed += 1
  }
  async function create(): Promise<void> {
    const { data } = await client.send(CreateConnectLinkDocument, {
      provider: 'PIPEDREAM',
      input: { connector: 'github', endUser: { id: `user-${random.below(500)}` } },
    })
    counts.operations += 1
    const result = data?.createConnectLink
    if (result?.__typename !== 'CreateConnectLinkPayload') counts.failed += 1
    else links.push(result.connectLink.id)
    if (links.length > 2_000) await count(client.send(RevokeConnectLinkDocument, { id: links.shift() ?? '' }))
  }
  return [
    repeat(signal, 20, create),
    repeat(signal, 20, () => count(client.send(ConnectionsDocument, { first: 50 }))),
    repeat(signal, 20, () => count(client.send(ConnectorsDocument, { first: 50 }))),
    repeat(signal, 20, async () => {
      if (links.length > 0) await count(client.send(ConnectLinkDocument, { id: random.pick(links) }))
    }),
    ...Array.from({ length: streams }, () =>
      repeat(signal, 100, async () => {
        if (links.length > 0)
          await follow(url, { id: random.pick(links), ms: random.below(20_000), signal, counts })
      }),
    ),
  ]
}

/** Opens an event stream of a link and closes it after the given time. */
async function follow(
  url: string,
  { id, ms, signal, counts }: Pick<Load, 'signal' | 'counts'> & { readonly id: string; readonly ms: number },
): Promise<void> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), ms)
  const abort = () => stop.abort()
  signal.addEventListener('abort', abort)
  counts.streams += 1
  try {
    const response = await fetch(url, {
      method: 'POST',
      signal: stop.signal,
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${apiKey}`,
      },
      body: JSON.stringify({ query: String(ConnectLinkUpdatedDocument), variables: { id } }),
    })
    for await (const _ of response.body ?? []) counts.events += 1
  } catch (error) {
    if (!stop.signal.aborted) {
      counts.failed += 1
      console.log(`a stream failed: ${error}`)
    }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  }
}

function check(readings: readonly Reading[], minutes: number): readonly string[] {
  const start = Math.min(5, minutes / 3)
  const early = readings.filter(({ minute }) => minute > start - 1 && minute <= start)
  const late = readings.filter(({ minute }) => minute > minutes - 1)
  const median = (list: readonly Reading[], of: (reading: Reading) => number) => percentile(list.map(of), 0.5)
  const violations: string[] = []
  const compare = (name: string, of: (reading: Reading) => number, allowed: (before: number) => number) => {
    const [before, after] = [median(early, of), median(late, of)]
    console.log(`${name}: ${before} in minute ${start}, ${after} in minute ${minutes}`)
    if (after > allowed(before)) violations.push(`${name} rose from ${before} to ${after}`)
  }
  compare(
    'resident memory (MB)',
    ({ rssMb }) => rssMb,
    (before) => before * 1.1,
  )
  compare(
    'descriptors',
    ({ descriptors }) => descriptors,
    (before) => before + 100,
  )
  compare(
    'database connections',
    ({ databaseConnections }) => databaseConnections,
    (before) => before + 2,
  )
  return violations
}
