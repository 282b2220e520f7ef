import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Config } from './config.ts'
import { gatewayUrl } from './connect/new-links/link-url.ts'
import { createGateway } from './gateway.ts'
import { keysOf } from './local-keys.ts'
import { createLog } from './log.ts'
import { findSandbox } from './sandbox/find-sandbox.ts'
import { type Sandbox, startSandbox } from './sandbox/sandbox.ts'
import { sendJson } from './server/json.ts'
import { createHttpServer } from './server/server.ts'
import { startScreen } from './start-screen.ts'
import { type DatabaseLocation, openDatabase } from './store/database.ts'
import { migrateToLatest } from './store/migrate.ts'

export interface Serving {
  readonly publicUrl: URL
  /** Stops taking requests, finishes those under way, and puts everything away. */
  stop(): Promise<void>
}

/** Starts the gateway, and the sandbox for providers without credentials. What was begun is undone if a later step fails. */
export async function serve(config: Config, print: (text: string) => void): Promise<Serving> {
  const undo: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const step of undo.reverse()) await step()
    undo.length = 0
  }
  try {
    return { publicUrl: await start(config, { print, undo }), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

interface Starting {
  print(text: string): void
  /** Steps that put things away, in the order in which the things were made. */
  readonly undo: (() => Promise<void>)[]
}

async function start(config: Config, { print, undo }: Starting): Promise<URL> {
  const log = createLog(config.logLevel)
  const server = createHttpServer()
  const warmingUp = (_: unknown, response: Parameters<typeof sendJson>[0]) =>
    sendJson(response, 503, { status: 'starting' })
  server.on('request', warmingUp)
  const port = await listen(server, config)
  undo.push(() => closeServer(server))

  const database = await openDatabase(locationOf(config), () => {
    log.fatal({ dataDir: config.dataDir }, 'another process has taken over the data folder: stopping')
    process.kill(process.pid, 'SIGTERM')
  })
  undo.push(database.close)
  await migrateToLatest(database.db)
  const keys = keysOf(config)
  const publicUrl = publicUrlOf(config, port)
  const sandbox = needsSandbox(config) ? await sandboxFor(config, publicUrl) : null
  if (sandbox) undo.push(sandbox.close)
  const gateway = await createGateway({
    config,
    keys,
    log,
    publicUrl,
    database,
    sandbox,
    ...(sandbox?.servePage && { sandboxPage: sandbox.servePage }),
  })
  // The server stops first, then the gateway's own work, then what both stand on.
  undo.splice(0, 1)
  undo.push(gateway.close, () => {
    gateway.endStreams()
    return closeServer(server)
  })
  server.off('request', warmingUp)
  server.on('request', gateway.handle)
  const graphqlUrl = gatewayUrl(publicUrl, 'graphql')
  print(
    startScreen({
      config,
      graphqlUrl,
      place: database.place,
      apiKey: keys.apiKey,
      sandboxUrl: sandbox?.url ?? null,
    }),
  )
  return publicUrl
}

export const locationOf = ({ databaseUrl, dataDir }: Config): DatabaseLocation =>
  databaseUrl === null ? { folder: dataDir } : { url: databaseUrl }

const needsSandbox = ({ providerModes }: Config) => Object.values(providerModes).includes('SANDBOX')

type UsedSandbox = Pick<Sandbox, 'url' | 'close'> &
  Partial<Pick<Sandbox, 'servePage'>> & { readonly pagesUrl: URL }

const sandboxFile = (dataDir: string) => join(dataDir, 'sandbox.json')

/** The sandbox that a gateway on this data folder already runs, if there is one. */
export const runningSandbox = async ({ sandbox, dataDir }: Pick<Config, 'sandbox' | 'dataDir'>) =>
  sandbox.port === 0 ? null : findSandbox(sandbox.port, sandboxFile(dataDir))

/** The sandbox of a gateway that shares our database and data folder, else one of our own. */
async function sandboxFor({ sandbox, dataDir }: Config, publicUrl: URL): Promise<UsedSandbox> {
  const running = await runningSandbox({ sandbox, dataDir })
  if (running) return { ...running, close: async () => undefined }
  const pagesUrl = new URL(gatewayUrl(publicUrl, 'sandbox'))
  return { ...(await startSandbox({ ...sandbox, dataFile: sandboxFile(dataDir), pagesUrl })), pagesUrl }
}

/** Where the gateway is reached: as configured, else where it listens. */
export const publicUrlOf = ({ publicUrl, host }: Config, port: number): URL =>
  publicUrl ?? new URL(`http://${hostForUrl(host)}:${port}`)

const hostForUrl = (host: string) => {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

function listen(server: Server, { port, host }: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    // A host name that nobody knows fails before `listen` does, and must not look like a database.
    server.once('error', (error) => reject(Object.assign(error, { syscall: 'listen' })))
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}

const drainMs = 10_000

/** Lets requests under way finish; idle keep-alive connections are closed as they fall idle. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const idle = setInterval(() => server.closeIdleConnections(), 100)
    const hard = setTimeout(() => server.closeAllConnections(), drainMs)
    server.close(() => {
      clearInterval(idle)
      clearTimeout(hard)
      resolve()
    })
    server.closeIdleConnections()
  })
}
