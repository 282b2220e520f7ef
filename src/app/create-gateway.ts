import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ConnectContext } from '../connect/context.ts'
import { createPoller, type Poller } from '../connect/jobs/poll-links.ts'
import { applyRetention } from '../connect/jobs/retention.ts'
import { isLoopbackHost } from '../domain/loopback.ts'
import { authentication } from '../server/auth.ts'
import { publishedOperations } from '../server/graphiql.ts'
import { createRoutes, safely } from '../server/routes.ts'
import { createGraphQLServer } from '../server/yoga.ts'
import type { Database } from '../store/database.ts'
import { unlockAllKeys } from '../store/idempotency-keys.ts'
import { releaseLeases } from '../store/link-checks.ts'
import { isAtHead } from '../store/migrate.ts'
import { type CreateContextOptions, createContext } from './create-context.ts'

export interface GatewayOptions extends CreateContextOptions {
  readonly sandboxPage?: (request: IncomingMessage, response: ServerResponse, pathAndQuery: string) => boolean
  /** `false`: nothing happens by itself, only on demand. */
  readonly background?: boolean
}

export interface Gateway {
  readonly connect: ConnectContext
  /** Looks after the links that are open. */
  readonly poller: Poller
  handle(request: IncomingMessage, response: ServerResponse): void
  /** Ends the streams, which would not end by themselves; requests are still answered. */
  endStreams(): void
  /** Stops its own work and waits for it; the database is closed by whoever opened it. */
  close(): Promise<void>
}

const timerMs = 60_000

/** The API, the pages and the work that goes on by itself, over one store. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, log, keys } = options
  const { db, isExclusive } = options.database
  if (isExclusive) await releaseStaleLocks(db)
  const { connect, endStreams, close } = await createContext(options)
  const poller = createPoller(connect)
  // Keys are filled in for whoever sits at this machine alone; behind a public address a proxy may look like that.
  const isForOthers = config.production || !isLoopbackHost(connect.publicUrl.hostname)
  const yoga = createGraphQLServer({
    connect,
    authenticate: authentication(keys.apiKey, connect.sessions),
    corsOrigins: config.corsOrigins,
    tabs: publishedOperations(),
    production: config.production,
    apiKeyForGraphiql: isForOthers ? null : keys.apiKey,
  })
  const routes = createRoutes({
    site: {
      connect,
      isExposed: isForOthers,
      frameOrigins: [...new Set([...config.redirectOrigins, ...config.corsOrigins])],
    },
    graphql: (request, response) => void yoga(request, response),
    isReady: () => isAtHead(db).catch(() => false),
    ...(options.sandboxPage && { sandboxPage: options.sandboxPage }),
  })
  connect.background('reading the catalogues', connect.connectorSyncs.ensureFresh(0))
  const stop = options.background === false ? () => undefined : startJobs(connect, poller)
  return {
    connect,
    poller,
    endStreams,
    handle: safely(routes, (err) => log.error({ err }, 'a request failed')),
    async close() {
      stop()
      await close()
      await poller.releaseLeases()
      await yoga.dispose()
    },
  }
}

/** The work that goes on by itself; answers how to stop it. */
function startJobs(connect: ConnectContext, poller: Poller): () => void {
  const { catalogue, connectorSyncs, connectionSyncs, background } = connect
  const timer = setInterval(() => {
    background('reading the catalogues', connectorSyncs.ensureFresh(0).then(catalogue.load))
    background('reading the connections', connectionSyncs.ensureFresh(0))
    background('forgetting what is old', applyRetention(connect))
  }, timerMs).unref()
  poller.start()
  return () => {
    clearInterval(timer)
    poller.stop()
  }
}

/** Where no other process can be at work, what a killed one had begun is left to whoever comes next. */
async function releaseStaleLocks(db: Database): Promise<void> {
  await releaseLeases(db, null)
  await unlockAllKeys(db)
}
