import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import {
  apiKey,
  type RunningProcess,
  scratchFolder,
  startNode,
  startProcess,
  startSandboxProcess,
} from '../../endurance/processes.ts'
import { freePort } from '../../helpers/free-port.ts'
import { credentialsFor } from '../../helpers/sandbox-credentials.ts'
import type { Operation } from './operations.ts'
import { pin } from './process-usage.ts'

/** A program that is measured. */
export interface Server {
  readonly name: string
  readonly process: RunningProcess
  /** From the start of the process to its first answer. */
  readonly coldStartMs: number
  urlOf(operation: Operation): string
  bodiesOf(operation: Operation): readonly string[]
  supports(operation: Operation): boolean
}

const startTimeoutMs = 60_000

/** Connections that the sandbox lists for each provider, of which pages show 100. */
const connectionsPerProvider = 300

const pathOf = (script: string) => fileURLToPath(new URL(script, import.meta.url))

/** Runs on the CPU that the measured servers do not use. */
export const startHelper = async (
  script: string,
  environment: Readonly<Record<string, string>>,
): Promise<string> => {
  const helper = await startNode([pathOf(script)], environment, /^listens on (\S+) /m)
  pin(helper.pid, '1')
  return helper.match[1] ?? ''
}

/** The providers: the sandbox behind the recorder. Returns the origin of the recorder. */
export async function startProviders(): Promise<string> {
  const sandbox = await startSandboxProcess({ SANDBOX_CONNECTIONS: String(connectionsPerProvider) })
  pin(sandbox.pid, '1')
  return startHelper('./recorder.js', { SANDBOX: sandbox.origin })
}

/** The environment of a gateway in production mode, with everything on; of a store on PGlite without `databaseUrl`. */
export const gatewayEnvironment = (providers: string, databaseUrl?: string): Record<string, string> => ({
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://gateway.example',
  GATEWAY_API_KEY: apiKey,
  GATEWAY_ENCRYPTION_KEY: 'k'.repeat(40),
  // The links of the comparison stay open.
  MAX_OPEN_LINKS_PER_END_USER: '1000000',
  LOG_LEVEL: 'warn',
  DATA_DIR: scratchFolder(),
  ...credentialsFor(providers),
  // V2 has the gateway list all activations before it creates a link; with V1 it sends one request, as the limit program.
  CENSUS_API_VERSION: '1',
  CENSUS_API_KEY: 'secret-token:sandbox',
  ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
})

/** Starts the built gateway and waits for its first answer. */
export async function startGateway(
  name: string,
  environment: Readonly<Record<string, string>>,
): Promise<Server> {
  const port = String(await freePort())
  const url = `http://127.0.0.1:${port}/graphql`
  const startedAt = performance.now()
  const running = await startProcess('serve', { ...environment, PORT: port }, /Ctrl-C stops it/)
  await untilAnswered(url, JSON.stringify({ query: '{ viewer { kind } }' }))
  return {
    name,
    process: running,
    coldStartMs: performance.now() - startedAt,
    urlOf: () => url,
    bodiesOf: ({ query, variables }) => variables.map((one) => JSON.stringify({ query, variables: one })),
    supports: () => true,
  }
}

/** Starts the limit program on a copy of the gateway's database. */
export async function startLimit(environment: Readonly<Record<string, string>>): Promise<Server> {
  const startedAt = performance.now()
  const running = await startNode([pathOf('./limit.js')], environment, /^listens on (\S+) /m)
  const origin = running.match[1] ?? ''
  await untilAnswered(`${origin}/Q100`, '{}')
  return {
    name: 'limit',
    process: running,
    coldStartMs: performance.now() - startedAt,
    urlOf: ({ name }) => `${origin}/${name}`,
    bodiesOf: ({ variables }) => variables.map((one) => JSON.stringify(one)),
    supports: ({ limit }) => limit !== 'none',
  }
}

export const headers = { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` }

/** Sends an operation once; throws if the answer has errors. */
export async function send(url: string, body: string): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', headers, body })
  const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown }
  if (errors !== undefined || !response.ok) throw new Error(JSON.stringify(errors ?? response.status))
  return data
}

async function untilAnswered(url: string, body: string): Promise<void> {
  const end = performance.now() + startTimeoutMs
  for (;;) {
    try {
      await send(url, body)
      return
    } catch (error) {
      if (performance.now() > end) throw error
      await sleep(5)
    }
  }
}

interface Lists {
  readonly all: { readonly syncStatus: States }
  readonly connections: { readonly nodes: readonly { readonly id: string }[] }
  readonly connectors: { readonly syncStatus: States }
}
type States = readonly { readonly state: string }[]

/** Waits until a gateway has read all lists; returns the IDs of connections. */
export async function untilSynced(gateway: Server, operationUrl: string): Promise<readonly string[]> {
  const query = `{ connectors(first: 1) { syncStatus { state } }
    all: connections(first: 1) { syncStatus { state } }
    connections(first: 100, filter: { providers: [FIVETRAN] }) { nodes { id } } }`
  const end = performance.now() + startTimeoutMs
  for (;;) {
    const { all, connections, connectors } = (await send(operationUrl, JSON.stringify({ query }))) as Lists
    const states = [...all.syncStatus, ...connectors.syncStatus]
    if (connections.nodes.length === 100 && states.every(({ state }) => state === 'FRESH'))
      return connections.nodes.map(({ id }) => id)
    if (performance.now() > end)
      throw new Error(`the lists were not read: ${JSON.stringify(states)} ${gateway.process.output()}`)
    await sleep(500)
  }
}
