import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ConnectContext } from '../connect/context.ts'
import { createPoller, type Poller } from '../connect/jobs/poll-links.ts'
import { type StopJobs, startOwnJobs, startSharedJobs } from '../connect/jobs/scheduled-jobs.ts'
import {
  type EnvironmentEndpoint,
  reencryptSecrets,
  storeEnvironmentEndpoint,
} from '../connect/outgoing-webhooks/environment-endpoint.ts'
import { createWebhookSender, type WebhookSender } from '../connect/outgoing-webhooks/webhook-sender.ts'
import { noMetrics } from '../domain/metrics.ts'
import { createAddressLimit } from '../server/address-limit.ts'
import { createAdmission } from '../server/admission.ts'
import { createAuthenticate } from '../server/auth.ts'
import { createCheckCaller } from '../server/check-caller.ts'
import { createClientOf } from '../server/client-address.ts'
import { createAllowsOrigin } from '../server/cors.ts'
import { publishedOperations } from '../server/graphiql-tabs.ts'
import type { McpOptions } from '../server/mcp/serve-mcp.ts'
import { createRoutes, safely } from '../server/routes.ts'
import { createStartAccess } from '../server/start-access.ts'
import type { TrustedDocuments } from '../server/use-trusted-documents.ts'
import { createGraphQLServer } from '../server/yoga.ts'
import type { Database } from '../store/database.ts'
import { unlockAllKeys } from '../store/idempotency-keys.ts'
import { releaseLeases } from '../store/link-checks.ts'
import { isUsable } from '../store/migrate.ts'
import type { Config } from './config.ts'
import { type CreateContextOptions, createContext } from './create-context.ts'
import { diagnoseAccounts } from './diagnose-accounts.ts'
import type { MetricsRegistry } from './metrics.ts'

export interface GatewayOptions extends CreateContextOptions {
  readonly trustedDocuments: TrustedDocuments
  readonly sandboxPage?: (request: IncomingMessage, response: ServerResponse, pathAndQuery: string) => boolean
  /** The webhook endpoint of the sandbox, unless the environment has one; may have an address of this machine. */
  readonly webhookInbox?: EnvironmentEndpoint | null
  /** `false`: no scheduled jobs; open links are polled on demand only. */
  readonly background?: boolean
  /**
   * The jobs of which one process of a machine is enough start when it resolves; by default at once. Such a process is one
   * of several workers, and its browser pages have no start token, which only one of them would know.
   */
  readonly sharedJobs?: Promise<void>
}

export interface Gateway {
  readonly connect: ConnectContext
  /** Polls open links. */
  readonly poller: Poller
  /** Sends messages to the application's webhook endpoints. */
  readonly webhooks: WebhookSender
  /** `null`: nothing is measured. */
  readonly metrics: Pick<MetricsRegistry, 'render' | 'read'> | null
  /** Part of the addresses that are printed; `null` in production and for one of several workers. */
  readonly startToken: string | null
  handle(request: IncomingMessage, response: ServerResponse): void
  /** From now on `/ready` reports that the process is stopping; requests are still answered. */
  announceShutdown(): void
  /** Resolves when no background work is running. */
  idle(): Promise<void>
  /** Stops the jobs and waits for running work. Does not close the database. */
  close(): Promise<void>
}

/** The GraphQL API, the pages and the scheduled jobs over one database. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, log, keys } = options
  const { db, isExclusive } = options.database
  if (isExclusive) await releaseStaleLocks(db)
  const registry = isMeasured(config) ? (await import('./metrics.ts')).createMetrics() : null
  const { connect, idle, close } = await createContext({
    ...options,
    metrics: registry?.metrics ?? noMetrics,
  })
  registry?.observe(connect, options.database)
  const poller = createPoller(connect)
  const inbox = options.webhookInbox ?? null
  await storeEnvironmentEndpoint(connect, config.webhooks.endpoint ?? inbox)
  await reencryptSecrets(connect)
  const { allowPrivate } = config.webhooks
  const webhooks = createWebhookSender(connect, { allowPrivate, trustedUrl: inbox?.url ?? null })
  let isStopping = false
  const startAccess = config.production || options.sharedJobs ? null : createStartAccess(connect.publicUrl)
  const clientOf = createClientOf(config.trustedProxies)
  const allowsOrigin = createAllowsOrigin(config)
  const admission = createAdmission({ maxInFlight: config.maxInFlight, allowsOrigin })
  const authenticate = createAuthenticate(keys.apiKey, connect)
  const checkCaller = createCheckCaller(connect, authenticate)
  const graphql = createGraphQLServer({
    connect,
    authenticate,
    checkCaller,
    clientOf,
    allowsOrigin,
    trustedDocuments: { documents: options.trustedDocuments, mode: config.trustedDocuments.mode },
    rateLimits: config.rateLimits,
    executionTimeoutMs: config.executionTimeoutSeconds * 1_000,
    admission: admission.plugin,
    production: config.production,
  })
  const logFailure = (err: unknown) => log.error({ err }, 'request failed')
  const handleGraphQL = safely(graphql.handle, logFailure)
  const handleMcp = config.mcp
    ? safely(await createMcp({ connect, checkCaller, clientOf, allowsOrigin, ...graphql }), logFailure)
    : null
  const pages = {
    connect,
    clientOf,
    startAccess,
    graphiql: config.graphiql
      ? { tabs: publishedOperations(), apiKey: config.production ? null : keys.apiKey }
      : null,
    isTrustedOnly: config.trustedDocuments.mode !== 'off',
    corsOrigins: config.corsOrigins,
    embedOrigins: config.embedOrigins,
    sandboxOrigin: options.sandbox?.pagesUrl.origin ?? null,
    branding: config.branding,
    applicationOrigins: [...new Set([...config.redirectOrigins, ...config.corsOrigins])].filter(
      // No page comes from the scheme of an application.
      (origin) => !origin.endsWith(':'),
    ),
  }
  const routes = createRoutes({
    pages,
    limitAddress: createAddressLimit({
      rateLimiter: connect.rateLimiter,
      clientOf,
      perMinute: config.rateLimits.address,
    }),
    execute: graphql.execute,
    metrics:
      registry && config.metricsToken !== null
        ? { token: config.metricsToken, render: registry.render }
        : null,
    graphql: (request, response) => admission.run(request, response, () => handleGraphQL(request, response)),
    mcp:
      handleMcp &&
      ((request, response) => admission.run(request, response, () => handleMcp(request, response))),
    async readiness() {
      if (isStopping) return 'stopping'
      const ready = await Promise.race([isUsable(db), sleep(readyTimeoutMs, false, { ref: false })])
      return ready ? 'ready' : 'not ready'
    },
    ...(options.sandboxPage && { sandboxPage: options.sandboxPage }),
  })
  connect.background('sync connectors', connect.connectorSyncs.startDue())
  const stopJobs =
    options.background === false ? () => undefined : startJobs(connect, { poller, webhooks }, options)
  return {
    connect,
    poller,
    webhooks,
    metrics: registry,
    startToken: startAccess?.token ?? null,
    announceShutdown() {
      isStopping = true
    },
    idle,
    handle: safely(routes, logFailure, pages),
    async close() {
      stopJobs()
      // All of them, even if the database has failed.
      await close()
        .finally(webhooks.close)
        .finally(poller.releaseLeases)
        .finally(() => graphql.dispose())
    },
  }
}

/** Loads the SDK only where it is used. */
const createMcp = async (options: McpOptions) =>
  (await import('../server/mcp/serve-mcp.ts')).createMcpHandler(options)

const isMeasured = ({ metricsToken, metricsPort }: Config) => metricsToken !== null || metricsPort !== null

function startJobs(
  connect: ConnectContext,
  workers: { readonly poller: Poller; readonly webhooks: WebhookSender },
  { sharedJobs }: GatewayOptions,
): StopJobs {
  const stops = [startOwnJobs(connect)]
  let isStopped = false
  const startShared = () => {
    if (isStopped) return
    stops.push(startSharedJobs(connect, workers))
    connect.background('diagnose provider accounts', diagnoseAccounts(connect))
  }
  if (sharedJobs) void sharedJobs.then(startShared)
  else startShared()
  return () => {
    isStopped = true
    for (const stop of stops) stop()
  }
}

/** A load balancer's probe waits for a few seconds at most. */
const readyTimeoutMs = 1_000

/** Releases the leases and key locks that a killed process has left. Only if no other process uses the database. */
async function releaseStaleLocks(db: Database): Promise<void> {
  await releaseLeases(db, null)
  await unlockAllKeys(db)
}
