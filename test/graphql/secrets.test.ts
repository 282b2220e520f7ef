import { expect, test } from 'vitest'
import { signingSecrets, webhookAddress } from '../../src/connect/webhooks/webhook-address.ts'
import {
  ConnectionsDocument,
  CreateSessionDocument,
  DisconnectConnectionDocument,
  type ProviderKey,
  RevokeConnectLinkDocument,
} from '../generated/graphql.ts'
import { comeBack, decide, startTestGateway, type TestGateway, testApiKey } from '../helpers/gateway.ts'
import { everyRow } from './every-row.ts'
import { connectorOf, madeLink, providers, settled, xpanderKey } from './open.ts'
import { renewal } from './renewing.ts'

const application = {
  redirectUri: 'https://app.example.com/done?session=of-the-application-1',
  errorRedirectUri: 'https://app.example.com/sorry?session=of-the-application-2',
}
const xpanderSecrets = ['sk-live-0123456789', 'header-0123456789']

/** At xpander a page is the connector's own, and names it. */
const connectors: readonly string[] = Object.values(connectorOf)

/** Makes a link with everything that may be said, and remembers what of it is secret. */
function openMint(gateway: TestGateway) {
  const secrets = new Set<string>()
  const note = ({ url, providerUrl }: { url?: string | null; providerUrl?: string | null }) => {
    for (const address of [url, providerUrl]) {
      if (address == null) continue
      secrets.add(address)
      const { pathname, searchParams } = new URL(address)
      for (const part of [pathname.split('/').at(-1) ?? '', ...searchParams.values()])
        if (part.length > 20 && !connectors.includes(part)) secrets.add(part)
    }
  }
  return {
    secrets,
    note,
    async mint(provider: ProviderKey, more: object = {}) {
      const link = await madeLink(gateway, provider, { ...application, ...more })
      note(link)
      return link
    },
  }
}

/** Opens the link, decides, and comes back or lets the poller look. */
async function finish(gateway: TestGateway, url: string | null, decision: 'approve' | 'deny') {
  const { location } = await decide(url ?? '', decision)
  if (location !== null) await comeBack(location)
  gateway.clock.advance(3)
  await gateway.poll()
}

/** What providers were told: the ways back and the addresses for reports. */
async function toldToProviders({ control }: TestGateway): Promise<readonly string[]> {
  const text = await (await control('GET', 'requests')).text()
  return [...text.matchAll(/\/(?:return|webhooks\/[a-z]+)\/([\w-]{20,})/g)].map(([, token = '']) => token)
}

async function liveThroughEverything(gateway: TestGateway, keyed: string) {
  const { secrets, note, mint } = openMint(gateway)
  const { connect, send, clock } = gateway
  const fivetran = connect.providers.getConfigured('FIVETRAN')
  const address = webhookAddress(connect, fivetran)
  const call = { signal: new AbortController().signal }
  await fivetran.adapter.registerWebhook?.(address, call)
  for (const secret of [address.url, address.secret, ...signingSecrets(connect, fivetran.accountKey)])
    secrets.add(secret)

  for (const provider of providers) {
    const done = await mint(provider, { idempotencyKey: `${keyed} ${provider}` })
    await finish(gateway, done.url, 'approve')
    await settled(gateway, done.id, /COMPLETED/)
    const refused = await mint(provider, { expiresInSeconds: 600, endUser: { id: 'user-2' } })
    await finish(gateway, refused.url, 'deny')
    await send(RevokeConnectLinkDocument, { id: (await mint(provider)).id })
  }
  const security = { apiKey: xpanderSecrets[0] }
  const xpander = { security, headers: { 'x-app': xpanderSecrets[1] } }
  await mint('XPANDER', { connector: xpanderKey('Algolia'), xpander, idempotencyKey: keyed })
  for (const secret of xpanderSecrets) secrets.add(secret)

  clock.advance(60)
  const { connections } = await send(ConnectionsDocument, {})
  for (const { id, provider } of connections.nodes) {
    if (provider.key === 'XPANDER') continue
    const { id: linkId, url } = await renewal(gateway, id, application)
    note({ url })
    const again = await gateway.post('query ($id: ID!) { connectLink(id: $id) { providerUrl } }', {
      id: linkId,
    })
    note({ providerUrl: /"providerUrl":"([^"]+)"/.exec(await again.text())?.[1] ?? null })
    await finish(gateway, url, 'approve')
    await send(DisconnectConnectionDocument, { id: id })
  }
  const { createSession } = await send(CreateSessionDocument, { input: { endUser: { id: 'user-1' } } })
  if (createSession.__typename !== 'CreateSessionPayload') throw new Error('no session')
  const session = { authorization: `Bearer ${createSession.token}` }
  await gateway.post('{ connectLinks { nodes { url } } }', {}, session)
  for (const part of createSession.token.split('.').slice(1)) secrets.add(part)
  clock.advance(3600)
  await gateway.poll()
  for (const token of await toldToProviders(gateway)) secrets.add(token)
  return secrets
}

const ours = [
  testApiKey,
  'an encryption key for tests',
  'sandbox-secret',
  'sandbox-pat',
  Buffer.from('sandbox-key:sandbox-secret').toString('base64'),
  'ctok_',
  // How tokens begin; three letters alone turn up in what is sealed.
  'eyJhbGci',
  'eyJ0eXAi',
  'app.example.com',
  'of-the-application',
  'Bearer ',
  'Basic ',
]

test('after everything that links live through, no table and no log line holds a secret in clear', async () => {
  const gateway = await startTestGateway()
  const keyed = 'order-7'
  const secrets = [...(await liveThroughEverything(gateway, keyed)), ...ours]
  expect(secrets.length).toBeGreaterThan(60)
  const rows = await everyRow()
  const log = gateway.logged()
  const present = ['COMPLETED', 'REVOKED', 'EXPIRED', 'FAILED', 'user-1', 'PROVIDER_WEBHOOK', keyed]
  expect(present.filter((word) => !rows.includes(word))).toEqual([])
  expect(log).toContain('make a connect link')
  expect(secrets.filter((secret) => rows.includes(secret))).toEqual([])
  expect(secrets.filter((secret) => log.includes(secret))).toEqual([])
})

test('a failing provider changes nothing of that', async () => {
  const gateway = await startTestGateway()
  const { secrets, mint } = openMint(gateway)
  const links = []
  for (const provider of providers) links.push(await mint(provider))
  for (const provider of providers) {
    const body = { error: `no: ${[...secrets].join(' ')}`, message: [...secrets].join(' ') }
    await gateway.control('POST', 'faults', { provider, times: 1000, status: 500, body })
  }
  for (const { id } of links) await gateway.send(RevokeConnectLinkDocument, { id })
  gateway.clock.advance(100_000)
  await gateway.poll()
  await gateway.send(ConnectionsDocument, {})
  const rows = await everyRow()
  const log = gateway.logged()
  expect(log).toContain('PROVIDER_UNAVAILABLE')
  for (const token of await toldToProviders(gateway)) secrets.add(token)
  const all = [...secrets, ...ours]
  expect(all.filter((secret) => rows.includes(secret))).toEqual([])
  expect(all.filter((secret) => log.includes(secret))).toEqual([])
})
