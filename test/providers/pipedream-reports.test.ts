import { describe, expect, test } from 'vitest'
import type { AdapterLink, ProviderEvent } from '../../src/providers/adapter.ts'
import { pipedream } from '../../src/providers/pipedream/pipedream.ts'
import { createConnection } from './connected.ts'
import { openInbox } from './inbox.ts'
import { call, openProvider, type TestProvider } from './open.ts'

const setup = {
  definition: pipedream,
  linkDefaults: { connectorKey: 'github', connectorName: 'GitHub', direction: 'TOOL' },
} as const

const providerEvent = (more: Partial<ProviderEvent>): ProviderEvent => ({
  kind: 'CONNECTED',
  remoteId: null,
  at: null,
  failure: null,
  ...more,
})

const check = ({ adapter }: TestProvider, link: AdapterLink, event: Partial<ProviderEvent>) =>
  adapter.checkLink({ ...link, event: providerEvent(event) }, call)

const parseBody = async (text: string) => {
  const { adapter } = await openProvider(setup)
  return adapter.parseWebhook?.({ body: Buffer.from(text), headers: {}, secrets: [] })
}

describe('a webhook event', () => {
  test('is sent to the webhook URL of its link and parsed despite its large connect_session_id', async () => {
    const provider = await openProvider(setup)
    const inbox = await openInbox()
    const { url, link } = await provider.openLink({ webhookUri: inbox.url })
    await provider.decide(url, 'approve')
    const delivery = { ...(await inbox.next()), secrets: [] }
    expect(delivery.body.toString()).toMatch(/"connect_session_id":\d{30,}[,}]/)
    const [account] = await provider.connections()
    const connectedEvent = { kind: 'CONNECTED', remoteId: account?.remoteId, at: null, failure: null }
    expect(provider.adapter.parseWebhook?.(delivery)).toEqual([connectedEvent])
    const completed = { kind: 'completed', connection: account }
    expect(await check(provider, link, { remoteId: account?.remoteId ?? '' })).toEqual(completed)
  })

  test('about a denial contains the reason, and the link stays open: the end user can try again', async () => {
    const provider = await openProvider(setup)
    const inbox = await openInbox()
    const { url, link } = await provider.openLink({ webhookUri: inbox.url })
    await provider.decide(url, 'deny')
    const failure = {
      code: 'ACCESS_DENIED',
      message: 'The test request failed: access was not allowed.',
    } as const
    const events = provider.adapter.parseWebhook?.({ ...(await inbox.next()), secrets: [] })
    expect(events).toEqual([{ kind: 'FAILED', remoteId: null, at: null, failure }])
    const open = { kind: 'open', failedAttempt: failure }
    expect(await check(provider, link, { kind: 'FAILED', failure })).toEqual(open)
  })

  test.each([
    ['whitespace', '"  no\\n\\tluck "', 'no luck'],
    ['characters that PostgreSQL cannot store', '"a\\u0000b\\ud800"', 'ab\ufffd'],
    ['a long text', JSON.stringify('no '.repeat(200)), 'no '.repeat(200).slice(0, 500)],
    ['a surrogate pair at the cut', JSON.stringify(`${'no '.repeat(166)}x😀`), `${'no '.repeat(166)}x\ufffd`],
    ['secrets', '"signature=swordfish of ctok_0123456789abcdef"', 'signature=[redacted] of [redacted]'],
    ['nothing but a secret', '"ctok_0123456789abcdef"', null],
    ['an object', '{"text":"x"}', null],
    ['only whitespace', '" "', null],
    ['null', 'null', null],
  ])('about a failure has a message that can be stored: %s', async (_, error, message) => {
    const text = `{"event":"CONNECTION_ERROR","connect_session_id":1e999,"error":${error}}`
    expect(await parseBody(text)).toEqual([
      { kind: 'FAILED', remoteId: null, at: null, failure: { code: 'UNKNOWN', message } },
    ])
  })

  test.each([
    ['{}', []],
    ['{"event":"CONNECTION_RENAMED","account":{"id":"apn_1"}}', []],
    ['{"event":7}', []],
    ['{"event":"CONNECTION_SUCCESS"}', [{ kind: 'CONNECTED', remoteId: null, at: null, failure: null }]],
    [
      '{"event":"CONNECTION_SUCCESS","account":{"id":".."}}',
      [{ kind: 'CONNECTED', remoteId: null, at: null, failure: null }],
    ],
  ])('with unexpected or missing fields is parsed as far as possible: %s', async (text, events) => {
    expect(await parseBody(text)).toEqual(events)
  })
})

describe('the webhook URL of a link', () => {
  test('is sent with the token request, if it is set', async () => {
    const provider = await openProvider(setup)
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
    ['a link with a webhook URL waits for its event', 'https://gateway.example/x', { kind: 'open' }],
    ['a link without one returns candidates', null, { kind: 'candidates', connections: [{}, {}] }],
  ])('determines the progress with several new accounts: %s', async (_, webhookUri, expected) => {
    const provider = await openProvider(setup)
    const { link } = await provider.openLink({ webhookUri })
    await createConnection(provider)
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

describe('a success event does not complete the link', () => {
  test.each([
    ['if the account does not exist', null],
    ['if the account belongs to another end user', { endUser: { id: 'user-2', name: null, email: null } }],
  ])('%s', async (_, overrides) => {
    const provider = await openProvider(setup)
    const { link } = await provider.openLink()
    if (overrides) {
      const other = await provider.openLink(overrides)
      await provider.decide(other.url, 'approve')
    }
    const [account] = await provider.connections()
    const remoteId = account?.remoteId ?? 'apn_none'
    expect(await check(provider, link, { remoteId })).toEqual({ kind: 'open' })
  })
})

test('a success event about an account of another app is reported with that app', async () => {
  const provider = await openProvider(setup)
  const { link } = await provider.openLink()
  const other = await provider.openLink({ connectorKey: 'notion', connectorName: 'Notion' })
  await provider.decide(other.url, 'approve')
  const [account] = await provider.connections()
  expect(await check(provider, link, { remoteId: account?.remoteId ?? '' })).toEqual({
    kind: 'completed',
    connection: expect.objectContaining({ connectorKey: 'notion' }),
  })
})

test('an existing new account takes precedence over a failed attempt', async () => {
  const provider = await openProvider(setup)
  const { link, url } = await provider.openLink()
  const failed = { kind: 'FAILED' } as const
  expect(await check(provider, link, failed)).toEqual({
    kind: 'open',
    failedAttempt: { code: 'UNKNOWN', message: null },
  })
  await provider.decide(url, 'approve')
  expect(await check(provider, link, failed)).toMatchObject({ kind: 'candidates', connections: [{}] })
})
