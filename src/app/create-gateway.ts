import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ConnectContext } from '../connect/context.ts'
import { isLoopbackHost } from '../connect/create-link/redirect-uri.ts'
import { createPoller, type Poller } from '../connect/jobs/poll-links.ts'
import { forgetOld } from '../connect/jobs/retention.ts'
import { authentication } from '../server/auth.ts'
import { publishedOperations } from '../server/graphiql.ts'
import { createRoutes, safely } from '../server/routes.ts'
import { createGraphQLServer } from '../server/yoga.ts'
import type { Database } from '../store/database.ts'
import { abandonKeys } from '../store/idempotency-keys.ts'
import { releaseLeases } from '../store/link-checks.ts'
import { isAtHead } from '../store/migrate.ts'
import { type ComposeOptions, compose } from './create-context.ts'

export interface GatewayOptions extends ComposeOptions {
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
  const { db, isOurs } = options.database
  if (isOurs) await takeOverFromKilled(db)
  const { connect, endStreams, close } = await compose(options)
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
      isForOthers,
      embedders: [...new Set([...config.redirectOrigins, ...config.corsOrigins])],
    },
    graphql: (request, response) => void yoga(request, response),
    isReady: () => isAtHead(db).catch(() => false),
    ...(options.sandboxPage && { sandboxPage: options.sandboxPage }),
  })
  connect.inBackground('reading the catalogues', connect.connectorSyncs.freshen(0))
  const stop = options.background === false ? () => undefined : goRound(connect, poller)
  return {
    connect,
    poller,
    endStreams,
    handle: safely(routes, (err) => log.error({ err }, 'a request failed')),
    async close() {
      stop()
      await close()
      await poller.leave()
      await yoga.dispose()
    },
  }
}

/** The work that goes on by itself; answers how to stop it. */
function goRound(connect: ConnectContext, poller: Poller): () => void {
  const { catalogue, connectorSyncs, connectionSyncs, inBackground } = connect
  const timer = setInterval(() => {
    inBackground('reading the catalogues', connectorSyncs.freshen(0).then(catalogue.load))
    inBackground('reading the connections', connectionSyncs.freshen(0))
    inBackground('forgetting what is old', forgetOld(connect))
  }, timerMs).unref()
  poller.start()
  return () => {
    clearInterval(timer)
    poller.stop()
  }
}

/** Where no other process can be at work, what a killed one had begun is left to whoever comes next. */
async function takeOverFromKilled(db: Database): Promise<void> {
  await releaseLeases(db, null)
  await abandonKeys(db)
}
