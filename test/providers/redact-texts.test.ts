import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import type {
  LinkProgress,
  ProviderAdapter,
  RemoteConnection,
  RemoteConnector,
} from '../../src/providers/adapter.ts'
import { redactTexts } from '../../src/providers/redact-texts.ts'
import { xpander } from '../../src/providers/xpander/xpander.ts'
import * as responses from '../fixtures/xpander.ts'
import { cannedProvider, linkRequest, openLink, reference } from './canned.ts'
import { call } from './open.ts'

/** A text of a provider that contains a secret of the options block and one that only the end user knows. */
const text = 'No: swordfish and password=opensesame'
const failure = { code: 'UNKNOWN', message: text } as const

const connection: RemoteConnection = {
  remoteId: '1',
  direction: 'SOURCE',
  connectorKey: 'key',
  name: 'name',
  externalAccount: null,
  status: 'ACTIVE',
  health: 'DEGRADED',
  healthMessage: text,
  remoteGroup: null,
  endUserId: null,
  createdAt: null,
}
const connector: RemoteConnector = {
  key: 'key',
  name: 'name',
  description: null,
  logoUrl: null,
  docsUrl: null,
  categories: [],
  directions: ['SOURCE'],
  auth: 'UNKNOWN',
  linkable: true,
  connectionHint: text,
  credentialsOption: null,
  configSchema: null,
}
const link = {
  kind: 'open',
  url: 'https://provider.example.com',
  expiry: { at: null, source: 'NONE' },
  requiresProviderLogin: false,
  instructions: text,
  steps: [{ kind: 'NAME_CONNECTION', name: 'swordfish' }],
  remoteLinkId: null,
  remoteGroup: null,
  pendingConnection: connection,
  providerState: null,
} as const

async function* pageOf<Item>(item: Item) {
  yield { items: [item], skipped: [] }
}

/** An adapter each of whose methods returns the text. */
const leaking = (progress: LinkProgress): ProviderAdapter => ({
  createLink: async () => link,
  createReconnectLink: async () => link,
  checkLink: async () => progress,
  parseWebhook: () => [{ kind: 'FAILED', remoteId: null, at: null, failure }],
  getConnection: async () => connection,
  listConnections: () => pageOf(connection),
  listConnectors: () => pageOf(connector),
  startConnection: async () => connection,
})

const request = linkRequest({ options: { security: { apiKey: 'swordfish' } } })

const calls: Readonly<Record<string, (adapter: ProviderAdapter) => unknown>> = {
  checkLink: (adapter) => adapter.checkLink(openLink({}), call),
  parseWebhook: (adapter) => adapter.parseWebhook?.({ body: Buffer.from(''), headers: {}, secrets: [] }),
  getConnection: (adapter) => adapter.getConnection(reference({}), call),
  listConnections: (adapter) => Readable.from(adapter.listConnections([], call)).toArray(),
  listConnectors: (adapter) => Readable.from(adapter.listConnectors(call)).toArray(),
  startConnection: (adapter) => adapter.startConnection?.(connection, null, call),
}

const progresses: readonly LinkProgress[] = [
  { kind: 'open', failedAttempt: failure },
  { kind: 'completed', connection },
  { kind: 'candidates', connections: [connection] },
  { kind: 'ended', status: 'FAILED', reason: 'REASON', failure },
]

test.each(Object.keys(calls))('%s returns redacted texts', async (name) => {
  for (const progress of progresses) {
    const result = JSON.stringify(await calls[name]?.(redactTexts(leaking(progress), {})))
    expect(result).toContain('password=[redacted]')
    expect(result).not.toContain('opensesame')
  }
})

test('a link has redacted instructions, and then those of the gateway', async () => {
  const adapter = redactTexts(leaking({ kind: 'open' }), {})
  const redacted = 'No: [redacted] and password=[redacted]'
  const expected = {
    instructions: `${redacted}. Name the connection "swordfish".`,
    pendingConnection: { healthMessage: redacted },
  }
  expect(await adapter.createLink(request, call)).toMatchObject(expected)
  expect(await adapter.createReconnectLink?.(connection, request, call)).toMatchObject(expected)
})

test('the name of a connection that was created with credentials does not repeat them', async () => {
  const nameFor = async (name: string) => {
    const adapter = redactTexts(
      {
        ...leaking({ kind: 'open' }),
        createLink: async () => ({ kind: 'connected', connection: { ...connection, name } }),
      },
      {},
    )
    const outcome = await adapter.createLink(request, call)
    return outcome.kind === 'connected' ? outcome.connection.name : outcome.kind
  }
  expect(await nameFor('ours (swordfish)')).toBeNull()
  expect(await nameFor('ours \uff53\uff57\uff4f\uff52\uff44\uff46\uff49\uff53\uff48')).toBeNull()
  expect(await nameFor('user-1 · 2c3d4e5f')).toBe('user-1 · 2c3d4e5f')
})

test('xpander: neither instructions nor name repeat the credentials of the request; the own name is kept', async () => {
  const connect = async (response: object) => {
    const adapter = await cannedProvider(xpander, {
      [`POST /v1/tools/connectors/${responses.slackId}/connect`]: response,
    })
    const options = { name: 'Team', security: { apiKey: 'swordfish', sk_live_1: '' } }
    return adapter.createLink(linkRequest({ connectorKey: responses.slackId, options }), call)
  }
  const message = 'The key swordfish or sk_live_1 is not valid for apiKey'
  expect(await connect({ ...responses.page, message })).toMatchObject({
    instructions: expect.stringMatching(
      /^The key \[redacted\] or \[redacted\] is not valid for apiKey\. Name the connection "Team · 2c3d4e5f"\./,
    ),
  })
  expect(await connect({ id: 'c1', name: 'Team swordfish' })).toMatchObject({
    connection: { name: null },
  })
})
