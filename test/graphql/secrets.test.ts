import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base'
import { expect, test } from 'vitest'
import { createLog } from '../../src/app/log.ts'
import { startTracing } from '../../src/app/open-telemetry.ts'
import { signingSecrets, webhookAddress } from '../../src/connect/webhooks/webhook-address.ts'
import { backgroundWork } from '../../src/http/http-types.ts'
import { providerFixtures } from '../fixtures/providers.ts'
import {
  ConnectionsDocument,
  CreateSessionDocument,
  DisconnectConnectionDocument,
  type ProviderKey,
  RevokeConnectLinkDocument,
} from '../generated/graphql.ts'
import {
  followReturnUrl,
  startTestGateway,
  submitProviderPage,
  type TestGateway,
  testApiKey,
} from '../helpers/gateway.ts'
import { capabilitiesOf } from '../helpers/providers.ts'
import { everyRow } from './every-row.ts'
import { createLinkOrThrow, providers, waitForStatus, xpanderKey } from './open.ts'
import { createReconnectLink } from './renewing.ts'

const redirectUris = {
  redirectUri: 'https://app.example.com/done?session=of-the-application-1',
  errorRedirectUri: 'https://app.example.com/sorry?session=of-the-application-2',
}
const xpanderSecrets = ['sk-live-0123456789', 'header-0123456789']

const connectors: readonly string[] = Object.values(providerFixtures).map(({ connectorKey }) => connectorKey)

/** The URL of an xpander page contains the connector key, that of a Pipedream reconnect the ID of the account. */
const isPublic = (part: string) => connectors.includes(part) || part.startsWith('apn_')

/** Creates links with all optional inputs and collects the secret parts of their URLs. */
function createRecorder(gateway: TestGateway) {
  const secrets = new Set<string>()
  const recordUrls = ({ url, providerUrl }: { url?: string | null; providerUrl?: string | null }) => {
    for (const secretUrl of [url, providerUrl]) {
      if (secretUrl == null) continue
      secrets.add(secretUrl)
      const { pathname, searchParams } = new URL(secretUrl)
      for (const part of [pathname.split('/').at(-1) ?? '', ...searchParams.values()])
        if (part.length > 20 && !isPublic(part)) secrets.add(part)
    }
  }
  return {
    secrets,
    recordUrls,
    async createLink(provider: ProviderKey, options: object = {}) {
      const link = await createLinkOrThrow(gateway, provider, { ...redirectUris, ...options })
      recordUrls(link)
      return link
    },
  }
}

/** Opens the link, approves or denies, follows the redirect if there is one, and polls. */
async function finish(gateway: TestGateway, url: string | null, decision: 'approve' | 'deny') {
  const { location } = await submitProviderPage(url ?? '', decision)
  if (location !== null) await followReturnUrl(location)
  gateway.clock.advance(3)
  await gateway.poll()
}

/** Completes a reconnect link of the connection, and passes its URLs to `recordUrls`. */
async function reconnectAndFinish(
  gateway: TestGateway,
  connectionId: string,
  recordUrls: ReturnType<typeof createRecorder>['recordUrls'],
) {
  const { id, url } = await createReconnectLink(gateway, connectionId, redirectUris)
  recordUrls({ url })
  const response = await gateway.post('query ($id: ID!) { connectLink(id: $id) { providerUrl } }', { id })
  recordUrls({ providerUrl: /"providerUrl":"([^"]+)"/.exec(await response.text())?.[1] ?? null })
  await finish(gateway, url, 'approve')
}

/** Returns the tokens of all return URLs and webhook URLs that were sent to providers. */
async function tokensSentToProviders({ control }: TestGateway): Promise<readonly string[]> {
  const text = await (await control('GET', 'requests')).text()
  return [...text.matchAll(/\/(?:return|webhooks\/[a-z]+)\/([\w-]{20,})/g)].map(([, token = '']) => token)
}

/** Runs every flow that handles secrets, and returns the secrets. */
async function runAllFlows(gateway: TestGateway, idempotencyKey: string) {
  const { secrets, recordUrls, createLink } = createRecorder(gateway)
  const { connect, send, clock } = gateway
  const fivetran = connect.providers.getConfigured('FIVETRAN')
  const webhook = webhookAddress(connect, fivetran)
  const call = backgroundWork()
  await fivetran.adapter.registerWebhook?.(webhook, call)
  for (const secret of [webhook.url, webhook.secret, ...signingSecrets(connect, fivetran.accountKey)])
    secrets.add(secret)

  for (const provider of providers) {
    const completed = await createLink(provider, { idempotencyKey: `${idempotencyKey} ${provider}` })
    await finish(gateway, completed.url, 'approve')
    await waitForStatus(gateway, completed.id, /COMPLETED/)
    const denied = await createLink(provider, { expiresInSeconds: 600, endUser: { id: 'user-2' } })
    await finish(gateway, denied.url, 'deny')
    await send(RevokeConnectLinkDocument, { id: (await createLink(provider)).id })
  }
  const security = { apiKey: xpanderSecrets[0] }
  const xpander = { security, headers: { 'x-app': xpanderSecrets[1] } }
  await createLink('XPANDER', { connector: xpanderKey('Algolia'), xpander, idempotencyKey })
  for (const secret of xpanderSecrets) secrets.add(secret)

  clock.advance(60)
  await gateway.connect.connectionSyncs.ensureFresh(30_000)
  const { connections } = await send(ConnectionsDocument, {})
  for (const { id, provider } of connections.nodes) {
    const { reconnect, disconnect } = capabilitiesOf(provider.key)
    if (reconnect) await reconnectAndFinish(gateway, id, recordUrls)
    if (disconnect) await send(DisconnectConnectionDocument, { id })
  }
  const { createSession } = await send(CreateSessionDocument, { input: { endUser: { id: 'user-1' } } })
  if (createSession.__typename !== 'CreateSessionPayload') throw new Error('no session')
  const session = { authorization: `Bearer ${createSession.token}` }
  await gateway.post('{ connectLinks { nodes { url } } }', {}, session)
  for (const part of createSession.token.split('.').slice(1)) secrets.add(part)
  clock.advance(3600)
  await gateway.poll()
  for (const token of await tokensSentToProviders(gateway)) secrets.add(token)
  return secrets
}

/** Fixed secrets: the gateway's keys, the provider credentials, and the private parts of the inputs. */
const fixedSecrets = [
  testApiKey,
  'an encryption key for tests',
  'sandbox-secret',
  'sandbox-pat',
  Buffer.from('sandbox-key:sandbox-secret').toString('base64'),
  'ctok_',
  // Prefixes of JWTs. Three characters (`eyJ`) would also occur by chance in encrypted values.
  'eyJhbGci',
  'eyJ0eXAi',
  'app.example.com',
  'of-the-application',
  'Bearer ',
  'Basic ',
]

const METRICS_TOKEN = 'token-of-the-metrics'

async function metricsOf({ url }: TestGateway): Promise<string> {
  const headers = { authorization: `Bearer ${METRICS_TOKEN}` }
  return (await fetch(`${url}/metrics`, { headers })).text()
}

/** A gateway whose spans are kept; `spans` ends the recording, and returns what is exported of them. */
async function startTraced() {
  const exported: ReadableSpan[] = []
  const exporter: SpanExporter = {
    export(batch, onResult) {
      exported.push(...batch)
      onResult({ code: 0 })
    },
    shutdown: async () => undefined,
  }
  const { close, ...tracing } = startTracing(createLog('silent'), exporter)
  const gateway = await startTestGateway({ env: { METRICS_TOKEN }, tracing })
  async function spans(): Promise<string> {
    await close()
    return JSON.stringify(
      exported.map(({ name, attributes, links, events, status, resource }) => ({
        ...{ name, attributes, links, events, status },
        resource: resource.attributes,
      })),
    )
  }
  return { gateway, spans }
}

test('no table, log line, span and metric contains a secret in plain text after all flows', async () => {
  const { gateway, spans } = await startTraced()
  const idempotencyKey = 'order-7'
  const secrets = [...(await runAllFlows(gateway, idempotencyKey)), ...fixedSecrets]
  expect(secrets.length).toBeGreaterThan(60)
  const rows = await everyRow()
  const log = gateway.logged()
  const expectedTexts = [
    'COMPLETED',
    'REVOKED',
    'EXPIRED',
    'FAILED',
    'user-1',
    'PROVIDER_WEBHOOK',
    idempotencyKey,
  ]
  expect(expectedTexts.filter((text) => !rows.includes(text))).toEqual([])
  expect(log).toContain('make a connect link')
  expect(secrets.filter((secret) => rows.includes(secret))).toEqual([])
  expect(secrets.filter((secret) => log.includes(secret))).toEqual([])
  const traced = await spans()
  for (const name of ['make a connect link', 'POST /connect/{token}', 'poll links', 'disconnectConnection'])
    expect(traced).toContain(name)
  expect(secrets.filter((secret) => traced.includes(secret))).toEqual([])
  const metrics = await metricsOf(gateway)
  expect(metrics).toContain('make a connect link')
  expect(secrets.filter((secret) => metrics.includes(secret))).toEqual([])
})

test('no table, log line, span and metric contains a secret in plain text when providers fail', async () => {
  const { gateway, spans } = await startTraced()
  const { secrets, createLink } = createRecorder(gateway)
  const links = []
  for (const provider of providers) links.push(await createLink(provider))
  for (const provider of providers) {
    const body = { error: `no: ${[...secrets].join(' ')}`, message: [...secrets].join(' ') }
    await gateway.control('POST', 'faults', { provider, times: 1000, status: 500, body })
  }
  for (const { id } of links) await gateway.send(RevokeConnectLinkDocument, { id })
  gateway.clock.advance(100_000)
  await gateway.poll()
  await gateway.connect.connectionSyncs.ensureFresh(30_000)
  const rows = await everyRow()
  const log = gateway.logged()
  expect(log).toContain('PROVIDER_UNAVAILABLE')
  for (const token of await tokensSentToProviders(gateway)) secrets.add(token)
  const allSecrets = [...secrets, ...fixedSecrets]
  expect(allSecrets.filter((secret) => rows.includes(secret))).toEqual([])
  expect(allSecrets.filter((secret) => log.includes(secret))).toEqual([])
  const others = (await spans()) + (await metricsOf(gateway))
  expect(others).toContain('PROVIDER_UNAVAILABLE')
  expect(allSecrets.filter((secret) => others.includes(secret))).toEqual([])
})
