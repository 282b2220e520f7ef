import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { readConfig } from '../../src/app/config.ts'
import { createGateway } from '../../src/app/create-gateway.ts'
import { createLog } from '../../src/app/log.ts'
import type { ConnectContext } from '../../src/connect/context.ts'
import type { Tracing } from '../../src/domain/tracing.ts'
import { type CircuitSettings, defaultCircuitSettings } from '../../src/http/circuit-breaker.ts'
import { providerDefinitions } from '../../src/providers/index.ts'
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts'
import { createDrain } from '../../src/server/drain.ts'
import { createHttpServer } from '../../src/server/http-server.ts'
import { loadTrustedDocuments } from '../../src/server/trusted-documents.ts'
import type { OpenDatabase } from '../../src/store/database.ts'
import type { TypedDocumentString } from '../generated/graphql.ts'
import { createTestClock, type TestClock } from './clock.ts'
import { testStore } from './database.ts'
import { refreshTargetOf } from './refresh-target.ts'

export const testApiKey = 'gw_test_key_that_is_really_long_enough'

export interface TestGateway {
  readonly url: string
  /** The address that is printed, with the start token. */
  readonly startUrl: string
  readonly sandbox: Sandbox
  readonly connect: ConnectContext
  readonly clock: TestClock
  /** The whole log output. */
  readonly logged: () => string
  /** Sends a published document with the API key; GraphQL errors fail the test. */
  send<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
  ): Promise<Result>
  /** Sends any document; by default with the API key. */
  post(query: string, variables?: object, headers?: Record<string, string>): Promise<Response>
  /** Runs one round of the poller, after work in the background, which holds links that the poller would skip. */
  poll(): Promise<void>
  /** Sends the webhooks that are due, and returns when their attempts have ended. */
  sendWebhooks(): Promise<void>
  /** `/ready` reports the shutdown from now on. */
  announceShutdown(): void
  /** Closes all connections, event streams included, as at the end of a shutdown. */
  cutConnections(): void
  /** Calls the sandbox's control API. */
  control(method: string, path: string, body?: object): Promise<Response>
  close(): Promise<void>
}

export interface TestGatewayOptions {
  /** Environment variables in addition to the API key. */
  readonly env?: Record<string, string>
  readonly providerDeadlineMs?: number
  /** Keeps circuit breakers closed, for tests of many failing calls. */
  readonly keepCircuitsClosed?: boolean
  /** How long a read waits for providers. */
  readonly maxWaitMs?: number
  /** Keeps the data of an earlier gateway of the same test. */
  readonly keepData?: boolean
  /** A sandbox that is not closed with the gateway. */
  readonly sandbox?: Sandbox
  readonly clock?: TestClock
  /** Another database than that of the test worker. */
  readonly database?: OpenDatabase
  /** Runs the scheduled jobs; by default only `poll` polls links. */
  readonly background?: boolean
  readonly leaseMs?: number
  readonly tracing?: Tracing
}

const alwaysClosed: CircuitSettings = {
  ...defaultCircuitSettings,
  consecutiveFailures: Number.POSITIVE_INFINITY,
  minCalls: Number.POSITIVE_INFINITY,
}

/** Starts the whole gateway on a free port, with a sandbox that shares its clock, and with an emptied database. */
export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const clock = options.clock ?? createTestClock()
  const lines: string[] = []
  const log = createLog('debug', { write: (line: string) => void lines.push(line) })
  const server = createHttpServer({ maxConnections: 10_000, isProxy: () => true })
  const drain = createDrain(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const sandbox =
    options.sandbox ?? (await startSandbox({ port: 0, clock, pagesUrl: new URL(`${url}/sandbox`) }))
  const config = readConfig(providerDefinitions, { GATEWAY_API_KEY: testApiKey, ...options.env })
  const gateway = await createGateway({
    config,
    trustedDocuments: loadTrustedDocuments(config.trustedDocuments.files),
    keys: { apiKey: testApiKey, encryptionKey: 'an encryption key for tests, long enough' },
    // Not exclusive: several gateways of a test may share it.
    database: {
      ...(options.database ?? (await testStore({ keep: options.keepData ?? false }))),
      isExclusive: false,
    },
    background: options.background ?? false,
    log,
    publicUrl: new URL(url),
    sandbox: { url: sandbox.url, pagesUrl: new URL(`${url}/sandbox`) },
    sandboxPage: sandbox.servePage,
    now: clock.now,
    ...(options.providerDeadlineMs === undefined ? {} : { providerDeadlineMs: options.providerDeadlineMs }),
    circuitSettings: options.keepCircuitsClosed ? alwaysClosed : defaultCircuitSettings,
    // Long enough for a busy machine.
    maxWaitMs: options.maxWaitMs ?? 30_000,
    ...(options.leaseMs === undefined ? {} : { leaseMs: options.leaseMs }),
    ...(options.tracing && { tracing: options.tracing }),
  })
  server.on('request', gateway.handle)

  let closing: Promise<void> | undefined
  const close = () => (closing ??= end())
  async function end() {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await gateway.close()
    if (options.sandbox === undefined) await sandbox.close()
  }
  onTestFinished(close)

  const post: TestGateway['post'] = (
    query,
    variables = {},
    headers = { authorization: `Bearer ${testApiKey}` },
  ) =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    })

  return {
    url,
    startUrl: `${url}/?token=${gateway.startToken}`,
    sandbox,
    clock,
    close,
    post,
    connect: gateway.connect,
    async poll() {
      // A provider that does not answer may keep background work running.
      await Promise.race([gateway.idle(), delay(2_000, undefined, { ref: false })])
      await gateway.poller.runOnce()
    },
    async sendWebhooks() {
      await gateway.webhooks.sendDue()
      await gateway.idle()
    },
    announceShutdown: gateway.announceShutdown,
    cutConnections: drain.cut,
    logged: () => lines.join(''),
    async send(document, variables) {
      const response = await post(String(document), variables ?? {})
      const { data, errors } = (await response.json()) as { data: never; errors?: unknown }
      if (errors !== undefined) throw new Error(`GraphQL errors: ${JSON.stringify(errors)}`)
      return data
    },
    control: (method, path, body) =>
      fetch(`${sandbox.url.origin}/__sandbox/${path}`, {
        method,
        ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      }),
  }
}

/** Acts as an end user: opens the gateway's link, if it is one, and submits the form on the provider's page. */
export async function submitProviderPage(
  pageUrl: string,
  decision: 'approve' | 'deny',
  fields: Record<string, string> = {},
) {
  const page = await fetch(await submitLinkPage(pageUrl))
  const html = await page.text()
  const form = new URLSearchParams({ decision })
  for (const [, name = '', value = ''] of html.matchAll(/<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g))
    form.set(name, value)
  form.set('decision', decision)
  for (const [name, value] of Object.entries(fields)) form.set(name, value)
  const response = await fetch(page.url, { method: 'POST', body: form, redirect: 'manual' })
  return { status: response.status, location: response.headers.get('location'), html: await response.text() }
}

/** Approves the connection on the provider's page and returns to the gateway, as a browser does. */
export async function approveAndReturn(pageUrl: string): Promise<void> {
  const { location } = await submitProviderPage(pageUrl, 'approve')
  if (location !== null) await followReturnUrl(location)
}

/** Submits the form of the gateway's link page and returns the provider URL; returns any other URL unchanged. */
export async function submitLinkPage(url: string): Promise<string> {
  if (!/\/connect\/[\w-]{43}$/.test(url)) return url
  const response = await fetch(url, { method: 'POST', redirect: 'manual' })
  const target = refreshTargetOf(await response.text())
  if (target === undefined) throw new Error(`the link does not lead on: ${response.status}`)
  return target
}

/** Requests the gateway's return URL and returns the application's redirect URI, with the result in its query. */
export async function followReturnUrl(returnUrl: string | null): Promise<string | null> {
  const response = await fetch(returnUrl ?? '', { redirect: 'manual' })
  return response.headers.get('location')
}
