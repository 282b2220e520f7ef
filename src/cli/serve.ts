import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Config } from '../app/config.ts'
import { createGateway } from '../app/create-gateway.ts'
import { createLog } from '../app/log.ts'
import { checkEncryptionKey } from '../connect/links/check-encryption-key.ts'
import { gatewayUrl } from '../connect/links/link-url.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { addressMatcher } from '../server/client-address.ts'
import { createHttpServer } from '../server/http-server.ts'
import { sendJson } from '../server/send-json.ts'
import { loadTrustedDocuments } from '../server/trusted-documents.ts'
import { createEncryption } from '../store/encryption.ts'
import { openMigratedDatabase } from '../store/open-migrated.ts'
import { banner } from './banner.ts'
import { databaseLocation } from './database-location.ts'
import { gatewayKeys } from './dev-keys.ts'

export interface RunningGateway {
  readonly publicUrl: URL
  /** Accepts no more requests, waits for running ones (10 s at most), and closes everything. */
  stop(): Promise<void>
}

/**
 * Starts the gateway, and the sandbox for providers without credentials. If a step fails, the earlier ones are cleaned
 * up.
 */
export async function serve(config: Config, print: (text: string) => void): Promise<RunningGateway> {
  const cleanups: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const cleanup of cleanups.reverse()) await cleanup()
    cleanups.length = 0
  }
  try {
    return { publicUrl: await start(config, { print, cleanups }), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

interface StartOptions {
  print(text: string): void
  /** Filled in the order of creation; run in reverse order. */
  readonly cleanups: (() => Promise<void>)[]
}

/** Returns the public URL. */
async function start(config: Config, { print, cleanups }: StartOptions): Promise<URL> {
  const trustedDocuments = loadTrustedDocuments(config.trustedDocuments.files)
  const log = createLog(config.logLevel)
  const server = createHttpServer({
    maxConnections: config.maxConnections,
    // A proxy on this machine need not be listed for this.
    isProxy: addressMatcher(['127.0.0.0/8', '::1', ...config.trustedProxies]),
  })
  const sendStarting = (_: unknown, response: Parameters<typeof sendJson>[0]) =>
    sendJson(response, 503, { status: 'starting' })
  server.on('request', sendStarting)
  const port = await listen(server, config)
  cleanups.push(() => closeServer(server))

  const database = await openMigratedDatabase(databaseLocation(config), {
    onLost: () => {
      log.fatal({ dataDir: config.dataDir }, 'another process has taken over the data folder: stopping')
      process.kill(process.pid, 'SIGTERM')
    },
  })
  cleanups.push(database.close)
  const keys = gatewayKeys(config)
  await checkEncryptionKey(database.db, createEncryption(keys.encryptionKey, config.oldEncryptionKeys))
  const publicUrl = publicUrlOf(config, port)
  const sandbox = needsSandbox(config) ? await findOrStartSandbox(config, publicUrl) : null
  if (sandbox) cleanups.push(sandbox.close)
  const gateway = await createGateway({
    config,
    keys,
    trustedDocuments,
    log,
    publicUrl,
    database,
    sandbox,
    ...(sandbox?.servePage && { sandboxPage: sandbox.servePage }),
  })
  // Replaces the first cleanup, since they run in reverse: the server closes first, then the gateway, then sandbox and
  // database.
  cleanups.splice(0, 1)
  cleanups.push(gateway.close, () => {
    gateway.endStreams()
    return closeServer(server)
  })
  server.off('request', sendStarting)
  server.on('request', gateway.handle)
  const graphqlUrl = gatewayUrl(publicUrl, 'graphql')
  print(
    banner({
      config,
      graphqlUrl,
      startToken: gateway.startToken,
      dataLocation: database.location,
      apiKey: keys.apiKey,
      sandboxUrl: sandbox?.url ?? null,
    }),
  )
  return publicUrl
}

const needsSandbox = ({ providerModes }: Config) => Object.values(providerModes).includes('SANDBOX')

type UsedSandbox = Pick<Sandbox, 'url' | 'close'> &
  Partial<Pick<Sandbox, 'servePage'>> & { readonly pagesUrl: URL }

const sandboxFile = (dataDir: string) => join(dataDir, 'sandbox.json')

/** Finds the sandbox that another process with the same data folder already runs; `null` if there is none. */
export async function runningSandbox({
  sandbox,
  dataDir,
  production,
}: Pick<Config, 'sandbox' | 'dataDir' | 'production'>) {
  if (production || sandbox.port === 0) return null
  const { findSandbox } = await import('../sandbox/find-sandbox.ts')
  return findSandbox(sandbox.port, sandboxFile(dataDir))
}

/** Returns the sandbox that is already running for this data folder, or starts one in this process. */
async function findOrStartSandbox(config: Config, publicUrl: URL): Promise<UsedSandbox> {
  const { sandbox, dataDir } = config
  const running = await runningSandbox(config)
  if (running) return { ...running, close: async () => undefined }
  const pagesUrl = new URL(gatewayUrl(publicUrl, 'sandbox'))
  // Imported on demand: production never loads the sandbox.
  const { startSandbox } = await import('../sandbox/sandbox.ts')
  return { ...(await startSandbox({ ...sandbox, dataFile: sandboxFile(dataDir), pagesUrl })), pagesUrl }
}

/** The configured PUBLIC_URL, else the address that the gateway listens on. */
export const publicUrlOf = ({ publicUrl, host }: Config, port: number): URL =>
  publicUrl ?? new URL(`http://${hostForUrl(host)}:${port}`)

const hostForUrl = (host: string) => {
  if (host === '0.0.0.0' || host === '::') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

function listen(server: Server, { port, host }: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    // An unknown host name fails with `getaddrinfo`; marked as `listen`, so that it is not taken for a database error.
    server.once('error', (error) => reject(Object.assign(error, { syscall: 'listen' })))
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}

const drainTimeoutMs = 10_000

/** Waits for running requests, for 10 s at most; keep-alive connections are closed as soon as they are idle. */
function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const closeIdle = setInterval(() => server.closeIdleConnections(), 100)
    const closeAll = setTimeout(() => server.closeAllConnections(), drainTimeoutMs)
    server.close(() => {
      clearInterval(closeIdle)
      clearTimeout(closeAll)
      resolve()
    })
    server.closeIdleConnections()
  })
}
