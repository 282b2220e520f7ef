import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Config } from '../app/config.ts'
import { createGateway } from '../app/create-gateway.ts'
import { createLog } from '../app/log.ts'
import { gatewayUrl } from '../connect/links/link-url.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { createHttpServer } from '../server/routes.ts'
import { sendJson } from '../server/send-json.ts'
import { type DatabaseLocation, openDatabase } from '../store/database.ts'
import { migrateToLatest } from '../store/migrate.ts'
import { banner } from './banner.ts'
import { gatewayKeys } from './dev-keys.ts'

export interface RunningGateway {
  readonly publicUrl: URL
  /** Stops taking requests, finishes those under way, and puts everything away. */
  stop(): Promise<void>
}

/** Starts the gateway, and the sandbox for providers without credentials. What was begun is undone if a later step fails. */
export async function serve(config: Config, print: (text: string) => void): Promise<RunningGateway> {
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

interface StartSteps {
  print(text: string): void
  /** Steps that put things away, in the order in which the things were made. */
  readonly undo: (() => Promise<void>)[]
}

async function start(config: Config, { print, undo }: StartSteps): Promise<URL> {
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
  const keys = gatewayKeys(config)
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
    banner({
      config,
      graphqlUrl,
      place: database.location,
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

/** The sandbox that another gateway on the same data folder already runs; `null` if there is none. */
export async function runningSandbox({
  sandbox,
  dataDir,
  production,
}: Pick<Config, 'sandbox' | 'dataDir' | 'production'>) {
  if (production || sandbox.port === 0) return null
  const { findSandbox } = await import('../sandbox/find-sandbox.ts')
  return findSandbox(sandbox.port, sandboxFile(dataDir))
}

/** The sandbox of a gateway that shares the database and the data folder, else one started here. */
async function sandboxFor(config: Config, publicUrl: URL): Promise<UsedSandbox> {
  const { sandbox, dataDir } = config
  const running = await runningSandbox(config)
  if (running) return { ...running, close: async () => undefined }
  const pagesUrl = new URL(gatewayUrl(publicUrl, 'sandbox'))
  // Imported on demand: production never loads the sandbox.
  const { startSandbox } = await import('../sandbox/sandbox.ts')
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
