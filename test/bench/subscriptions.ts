import { fork } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { readConfig } from '../../src/app/config.ts'
import { createGateway } from '../../src/app/create-gateway.ts'
import { createLog } from '../../src/app/log.ts'
import { encodeGlobalId } from '../../src/graphql/ids.ts'
import { providerDefinitions } from '../../src/providers/index.ts'
import { createHttpServer } from '../../src/server/http-server.ts'
import { loadTrustedDocuments } from '../../src/server/trusted-documents.ts'
import { openDatabase } from '../../src/store/database.ts'
import { lockLink, recordTransition } from '../../src/store/link-history.ts'
import { migrateToLatest } from '../../src/store/migrate.ts'
import { freshPostgres } from '../helpers/database.ts'
import { addLink } from '../store/rows.ts'

/**
 * Measures the CPU time and the SQL statements of the gateway for one status change of a link with many subscribers,
 * which run in another process. Creates the database `gateway_bench` on the server of DATABASE_URL. Compile and run it:
 *
 *     npx tsc -p . --noEmit false --noCheck --outDir node_modules/.cache/bench
 *     cp -r schema node_modules/.cache/bench/ && cp -r src/server/pages/static node_modules/.cache/bench/src/server/pages/
 *     DATABASE_URL=… node node_modules/.cache/bench/test/bench/subscriptions.js [subscribers]
 */
const steps = 5
const apiKey = 'a key for the benchmark'.replaceAll(' ', '-')

/** What one subscriber sends. */
interface Subscriber {
  readonly token: string
  readonly query: string
  readonly variables: object
}

let statements = 0
const { query } = pg.Client.prototype
pg.Client.prototype.query = function count(this: pg.Client, ...args: never[]) {
  statements += 1
  return Reflect.apply(query, this, args)
}

const selection = '{ id status connection { id status } history { to source at } }'
const ofLink = `subscription ($id: ID) { connectLinkUpdated(id: $id) ${selection} }`
const ofAll = `subscription { connectLinkUpdated ${selection} }`

if (process.send === undefined) await measureAll(Number(process.argv[2] ?? 1_000))
else subscribeAll(process.argv[2] ?? '')

async function measureAll(count: number): Promise<void> {
  const url = await freshPostgres(process.env.DATABASE_URL ?? '', 'gateway_bench')
  const database = await openDatabase({ url })
  await migrateToLatest(database.db)
  const server = createHttpServer({ maxConnections: 10_000, isProxy: () => true })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const gateway = await createGateway({
    config: readConfig(providerDefinitions, { SANDBOX: 'off' }),
    keys: { apiKey, encryptionKey: 'an encryption key for the benchmark' },
    trustedDocuments: loadTrustedDocuments([]),
    log: createLog('silent'),
    publicUrl: new URL(address),
    sandbox: null,
    database,
    background: false,
  })
  server.on('request', gateway.handle)
  const { id } = await addLink(database.db)
  const globalId = encodeGlobalId('ConnectLink', id)
  const tokens = await Promise.all(
    Array.from({ length: Math.ceil(count / 10) }, async (_, index) => {
      const endUser = { id: `other-${index}`, name: null, email: null, organization: null }
      return (await gateway.connect.sessions.issue({ endUser })).token
    }),
  )

  /** One status change; returns when the gateway has nothing more to do. */
  async function step() {
    await database.db.transaction().execute(async (transaction) => {
      const link = await lockLink(transaction, id)
      if (link === undefined) throw new Error('the link was deleted')
      const change = { toStatus: 'AUTHORIZING', at: new Date(), source: 'API_CALL', reason: null } as const
      await recordTransition(transaction, link, change)
    })
  }

  async function measure(name: string, subscribers: readonly Subscriber[]): Promise<void> {
    const child = fork(fileURLToPath(import.meta.url), [address])
    child.send(subscribers)
    await once(child, 'message')
    await step()
    await untilIdle()
    const before = process.cpuUsage()
    statements = 0
    for (let done = 0; done < steps; done += 1) {
      await step()
      await untilIdle()
    }
    const { user, system } = process.cpuUsage(before)
    const ms = (user + system) / 1_000 / steps
    process.stdout.write(
      `${subscribers.length} ${name}: ${ms.toFixed(0)} ms CPU and ${statements / steps} statements per step\n`,
    )
    child.kill()
    await once(child, 'exit')
    await untilIdle()
  }

  const own = { token: apiKey, query: ofLink, variables: { id: globalId } }
  const foreign = tokens.flatMap((token) => Array(10).fill({ token, query: ofAll, variables: {} }))
  await measure('subscribers of the link', [own])
  await measure('subscribers of the link', Array(count).fill(own))
  await measure('subscribers that may not read the link', foreign.slice(0, count))
  server.closeAllConnections()
  server.close()
  await gateway.close()
  await database.close()
}

/** Resolves when the process has used little CPU for half a second. */
async function untilIdle(): Promise<void> {
  for (;;) {
    const before = process.cpuUsage()
    await sleep(500)
    const { user, system } = process.cpuUsage(before)
    if (user + system < 25_000) return
  }
}

/** Runs in the child process: opens all streams, and reports when each has received something. */
function subscribeAll(address: string): void {
  process.once('message', (subscribers: readonly Subscriber[]) => {
    let opened = 0
    for (const { token, ...body } of subscribers) {
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'text/event-stream',
      }
      const sent = request(`${address}/graphql`, { method: 'POST', headers, agent: false }, (response) => {
        if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`)
        response.resume().once('data', () => {
          opened += 1
          if (opened === subscribers.length) process.send?.('all are open')
        })
      })
      sent.end(JSON.stringify(body))
    }
  })
}
