import { describe, expect, test } from 'vitest'
import type { AdapterLink, ProviderEvent } from '../../src/providers/adapter.ts'
import { pipedream } from '../../src/providers/pipedream/pipedream.ts'
import { connected } from './connected.ts'
import { openInbox } from './inbox.ts'
import { call, type Opened, openProvider } from './open.ts'

const setting = {
  definition: pipedream,
  standard: { connectorKey: 'github', connectorName: 'GitHub', direction: 'TOOL' },
} as const

const news = (more: Partial<ProviderEvent>): ProviderEvent => ({
  kind: 'CONNECTED',
  remoteId: null,
  at: null,
  reason: null,
  ...more,
})

const check = ({ adapter }: Opened, link: AdapterLink, heard: Partial<ProviderEvent>) =>
  adapter.checkLink({ ...link, event: news(heard) }, call)

const read = async (text: string) => {
  const { adapter } = await openProvider(setting)
  return adapter.parseWebhook?.({ body: Buffer.from(text), headers: {}, secrets: [] })
}

describe('a report', () => {
  test('goes to the address of its link, and its huge number breaks nothing', async () => {
    const provider = await openProvider(setting)
    const inbox = await openInbox()
    const { url, link } = await provider.openLink({ webhookUri: inbox.url })
    await provider.decide(url, 'approve')
    const delivery = { ...(await inbox.next()), secrets: [] }
    expect(delivery.body.toString()).toMatch(/"connect_session_id":\d{30,}[,}]/)
    const [account] = await provider.connections()
    const heard = { kind: 'CONNECTED', remoteId: account?.remoteId, at: null, reason: null }
    expect(provider.adapter.parseWebhook?.(delivery)).toEqual([heard])
    const completed = { kind: 'completed', connection: account }
    expect(await check(provider, link, { remoteId: account?.remoteId ?? '' })).toEqual(completed)
  })

  test('of a refusal says why, and ends the link', async () => {
    const provider = await openProvider(setting)
    const inbox = await openInbox()
    const { url, link } = await provider.openLink({ webhookUri: inbox.url })
    await provider.decide(url, 'deny')
    const reason = 'The test request failed: access was not allowed.'
    const heard = provider.adapter.parseWebhook?.({ ...(await inbox.next()), secrets: [] })
    expect(heard).toEqual([{ kind: 'FAILED', remoteId: null, at: null, reason }])
    const ended = { kind: 'ended', status: 'FAILED', reason }
    expect(await check(provider, link, { kind: 'FAILED', reason })).toEqual(ended)
  })

  test.each([
    ['blanks', '"  no\\n\\tluck "', 'no luck'],
    ['characters that no database keeps', '"a\\u0000b\\ud800"', 'ab\ufffd'],
    ['too many words', JSON.stringify('x'.repeat(500)), 'x'.repeat(200)],
    ['a character that the cut halves', JSON.stringify(`${'x'.repeat(199)}😀`), 'x'.repeat(199)],
    ['an object', '{"text":"x"}', null],
    ['nothing but a blank', '" "', null],
    ['null', 'null', null],
  ])('of a failure has words that can be kept: %s', async (_, error, reason) => {
    const text = `{"event":"CONNECTION_ERROR","connect_session_id":1e999,"error":${error}}`
    expect(await read(text)).toEqual([{ kind: 'FAILED', remoteId: null, at: null, reason }])
  })

  test.each([
    ['{}', []],
    ['{"event":"CONNECTION_RENAMED","account":{"id":"apn_1"}}', []],
    ['{"event":7}', []],
    ['{"event":"CONNECTION_SUCCESS"}', [{ kind: 'CONNECTED', remoteId: null, at: null, reason: null }]],
    [
      '{"event":"CONNECTION_SUCCESS","account":{"id":".."}}',
      [{ kind: 'CONNECTED', remoteId: null, at: null, reason: null }],
    ],
  ])('of another shape is read as far as it goes: %s', async (text, heard) => {
    expect(await read(text)).toEqual(heard)
  })
})

describe('where to report', () => {
  test('is told with the token, if Pipedream can reach it', async () => {
    const provider = await openProvider(setting)
    await provider.openLink({ webhookUri: 'https://gateway.example/webhooks/pipedream/x' })
    await provider.openLink()
    const bodies = (await provider.requests())
      .filter(({ path }) => path.endsWith('/tokens'))
      .map(({ body }) => body)
    expect(bodies.map(({ webhook_uri }) => webhook_uri)).toEqual([
      'https://gateway.example/webhooks/pipedream/x',
      undefined,
    ])
  })

  test.each([
    ['a link that is reported on waits for its report', 'https://gateway.example/x', { kind: 'open' }],
    ['a link that is not shows them', null, { kind: 'candidates', connections: [{}, {}] }],
  ])('decides about several new accounts: %s', async (_, webhookUri, expected) => {
    const provider = await openProvider(setting)
    const { link } = await provider.openLink({ webhookUri })
    await connected(provider)
    expect(await provider.adapter.checkLink(link, call)).toMatchObject({ kind: 'candidates' })
    const second = await provider.openLink()
    await provider.decide(second.url, 'approve')
    expect(await provider.adapter.checkLink(link, call)).toMatchObject(expected)
    const [, account] = await provider.connections()
    expect(await check(provider, link, { remoteId: account?.remoteId ?? '' })).toEqual({
      kind: 'completed',
      connection: account,
    })
  })
})

describe('a report of success is not believed', () => {
  test.each([
    ['about an account that is not there', null],
    ['about an account of somebody else', { endUser: { id: 'user-2', name: null, email: null } }],
    ['about an account of another app', { connectorKey: 'notion', connectorName: 'Notion' }],
  ])('%s', async (_, wish) => {
    const provider = await openProvider(setting)
    const { link } = await provider.openLink()
    if (wish) {
      const other = await provider.openLink(wish)
      await provider.decide(other.url, 'approve')
    }
    const [account] = await provider.connections()
    const remoteId = account?.remoteId ?? 'apn_none'
    expect(await check(provider, link, { remoteId })).toEqual({ kind: 'open' })
  })
})

test('an account that is there wins over a report of failure', async () => {
  const provider = await openProvider(setting)
  const { link, url } = await provider.openLink()
  const failed = { kind: 'FAILED' } as const
  expect(await check(provider, link, failed)).toEqual({
    kind: 'ended',
    status: 'FAILED',
    reason: 'CONNECTION_ERROR',
  })
  await provider.decide(url, 'approve')
  expect(await check(provider, link, failed)).toMatchObject({ kind: 'candidates', connections: [{}] })
})
