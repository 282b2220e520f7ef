import { cpus } from 'node:os'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { apiKey } from '../../endurance/processes.ts'
import { measure, startLoad } from './measure.ts'
import { type Operation, operationsOn } from './operations.ts'
import { openServer } from './postgres.ts'
import { canPin } from './process-usage.ts'
import { columns, printTable, resourcesOf, rowsOf } from './report.ts'
import {
  gatewayEnvironment,
  type Server,
  send,
  startGateway,
  startLimit,
  startProviders,
  untilSynced,
} from './servers.ts'

/**
 * Compares the built gateway in production mode with a program that does the same by hand: `npm run bench`. Linux only.
 * See README.md of the parent folder.
 */
const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '2' },
    connections: { type: 'string', default: '16' },
    only: { type: 'string', default: 'Q1,Q100,QA,S,M' },
    store: { type: 'string', default: 'postgres' },
  },
})
// Children and folders are removed on exit.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

console.log(
  `${cpus().length} × ${cpus()[0]?.model}, Node.js ${process.versions.node}, ${canPin ? 'servers on CPU 0, load and providers on CPU 1' : 'not pinned'}`,
)
const providers = await startProviders()
const postgres = await openServer()
const limitUrl = await prepareLimit()
const gateway = await startMeasuredGateway()
const connectionIds = await untilSynced(gateway, urlOf(gateway))
const operations = operationsOn(connectionIds).filter(({ name }) => options.only.split(',').includes(name))
const limit = await startLimit({
  NODE_ENV: 'production',
  DATABASE_URL: limitUrl,
  API_KEY: apiKey,
  UPSTREAM: providers,
  CREATION: await (await fetch(`${providers}/__creation`)).text(),
})
// On PGlite the rows have identifiers of their own.
if (options.store === 'postgres') for (const operation of operations) await checkSameData(operation)

const load = startLoad()
const rows: (readonly string[])[] = []
for (const operation of operations) {
  const servers = [limit, gateway].filter((server) => server.supports(operation))
  const readings = await measure(load, servers, operation, {
    rounds: Number(options.rounds),
    seconds: Number(options.seconds),
    connections: Number(options.connections),
  })
  rows.push(...rowsOf(operation, readings))
  console.log(`measured ${operation.name}, ${operation.title}`)
}
printTable(columns, rows)
printTable(['server', 'cold start ms', 'peak RSS MB'], resourcesOf([limit, gateway]))
process.exit(0)

function urlOf(server: Server): string {
  return server.urlOf({ name: '', title: '', query: '', variables: [], limit: 'none' })
}

/** Lets a gateway fill its database and create a link, so that the recorder knows the request; returns the URL of a copy. */
async function prepareLimit(): Promise<string> {
  const first = await startGateway('first', gatewayEnvironment(providers, postgres.gatewayUrl))
  await untilSynced(first, urlOf(first))
  const create = operationsOn([]).find(({ name }) => name === 'M')
  if (create) await send(first.urlOf(create), first.bodiesOf(create)[0] ?? '')
  await first.process.stop()
  return postgres.copyForLimit()
}

/** On PostgreSQL with the data of the first gateway; on PGlite after a start that fills its store. */
async function startMeasuredGateway(): Promise<Server> {
  if (options.store === 'postgres')
    return startGateway('gateway', gatewayEnvironment(providers, postgres.gatewayUrl))
  if (options.store !== 'pglite') throw new Error('--store must be postgres or pglite')
  const environment = gatewayEnvironment(providers)
  const first = await startGateway('first', environment)
  await untilSynced(first, urlOf(first))
  await first.process.stop()
  return startGateway('gateway on PGlite', environment)
}

/** Throws unless both servers answer with the same data. */
async function checkSameData(operation: Operation): Promise<void> {
  if (operation.limit !== 'same data') return
  const [expected, actual] = await Promise.all(
    [limit, gateway].map((server) => send(server.urlOf(operation), server.bodiesOf(operation)[0] ?? '')),
  )
  if (isDeepStrictEqual(expected, actual)) return
  const [left, right] = [expected, actual].map((data) => JSON.stringify(data))
  const place = [...(left ?? '')].findIndex((character, index) => character !== right?.[index])
  throw new Error(
    `the answers to ${operation.name} differ: ${left?.slice(place - 200, place + 100)} ${right?.slice(place - 200, place + 100)}`,
  )
}
