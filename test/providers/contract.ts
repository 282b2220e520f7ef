import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { NotFoundError, ProviderError } from '../../src/errors.ts'
import type { LinkProgress, RemoteConnection } from '../../src/providers/provider.ts'
import { allOf, call, type Fault, type Opened, openProvider, type Setting } from './open.ts'

export interface Contract extends Setting {
  /** The fewest connectors that the sandbox's catalogue may have. */
  readonly connectors: number
  /** Parts of credentials that no message and no log line may show. */
  readonly secrets: readonly string[]
  /** Which HTTP call decides each of the adapter's; one that the adapter cannot make is absent. */
  readonly calls: Readonly<Partial<Record<CallName, Pick<Fault, 'method' | 'path'>>>>
  /** What each of the adapter's calls answers to a 404; those not named refuse with PROVIDER_REJECTED. */
  readonly absent: Partial<Record<CallName, unknown>>
}

const callNames = [
  'createLink',
  'checkLink',
  'getConnection',
  'listConnections',
  'listConnectors',
  'disconnect',
] as const
type CallName = (typeof callNames)[number]

const leak = 'LEAKED-by-the-provider'
const body = {
  code: 'refused_in_test',
  error: leak,
  message: leak,
  detail: [{ type: 'refused_in_test', loc: ['body'], msg: leak, input: { apiKey: leak } }],
}

const faults: readonly (readonly [name: string, fault: Fault, expected: object])[] = [
  ['400', { status: 400, body }, { code: 'PROVIDER_REJECTED', retryable: false }],
  ['401', { status: 401, body }, { code: 'PROVIDER_UNAUTHORIZED', retryable: false }],
  ['403', { status: 403, body }, { code: 'PROVIDER_UNAUTHORIZED', retryable: false }],
  ['409', { status: 409, body }, { code: 'PROVIDER_REJECTED', retryable: false }],
  ['422', { status: 422, body }, { code: 'PROVIDER_REJECTED', retryable: false }],
  [
    '429 with Retry-After',
    { status: 429, body, headers: { 'retry-after': '7' } },
    { code: 'PROVIDER_RATE_LIMITED', retryable: true, retryAfterSeconds: 7 },
  ],
  ['500', { status: 500, body }, { code: 'PROVIDER_UNAVAILABLE', retryable: true }],
  ['502 with HTML', { status: 502, kind: 'html' }, { code: 'PROVIDER_UNAVAILABLE', retryable: true }],
  ['an answer that takes too long', { kind: 'slow' }, { code: 'PROVIDER_TIMEOUT', retryable: true }],
  ['a reset', { kind: 'reset' }, { code: 'PROVIDER_UNAVAILABLE', retryable: true }],
  ['JSON that breaks off', { kind: 'truncate', body }, { code: 'PROVIDER_CONTRACT', retryable: false }],
  [
    '200 with the wrong shape',
    { status: 200, body: { [leak]: body } },
    { code: 'PROVIDER_CONTRACT', retryable: false },
  ],
]

/** What every adapter promises, over real HTTP against the sandbox. */
export function testProvider(contract: Contract): void {
  describe('a link from beginning to end', () => {
    test('is opened, approved, noticed, listed and disconnected', () => livesThrough(contract))
    test('stays open until somebody decides, and after a refusal', () => staysOpen(contract))
    test('does not take another connection for its own', () => tellsApart(contract))
  })

  test('the catalogue has real connectors, each once', () => hasConnectors(contract))
  test('lists are read to their end, each row once', () => readsEverything(contract))
  test('a caller who has gone away is not worked for', () => stopsWhenAborted(contract))

  describe.each(callNames.filter((name) => name in contract.calls))('%s', (name) => {
    test.each(faults)('turns %s into the right error', (_, fault, expected) =>
      failsWell(contract, { name, fault, expected }),
    )
    test('turns 404 into what is not there', () => saysWhatIsMissing(contract, name))
  })
}

async function livesThrough(contract: Contract) {
  const { adapter, capabilities, ...provider } = await openProvider(contract)
  const made = await provider.openLink()
  expect(made.url).toMatch(/^http/)
  expect(made.expiry.at === null).toBe(capabilities.linkLifetimeSeconds === null)

  const page = await fetch(made.url)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('value="approve"')
  const sent = await provider.decide(made.url, 'approve')
  const target = sent.headers.get('location') ?? ''
  expect(target.startsWith('https://app.example.com/return?state=1')).toBe(capabilities.successRedirect)

  const connection = onlyConnection(await adapter.checkLink(made.link, call))
  expect(connection).toMatchObject({
    connectorKey: contract.standard.connectorKey,
    direction: contract.standard.direction,
  })
  const started = (await adapter.startConnection?.(connection, made.link.memo, call)) ?? connection
  expect(started.status).toBe('ACTIVE')
  expect((await provider.connections()).filter(({ remoteId }) => remoteId === started.remoteId)).toEqual([
    started,
  ])
  expect(await adapter.getConnection(started, call)).toEqual(started)

  expect(adapter.disconnect !== undefined).toBe(capabilities.disconnect)
  if (!adapter.disconnect) return
  expect(await adapter.disconnect(started, call)).toBe(true)
  expect(await adapter.disconnect(started, call)).toBe(false)
  expect(await adapter.getConnection(started, call)).toBeNull()
  expect((await provider.connections()).map(({ remoteId }) => remoteId)).not.toContain(started.remoteId)
}

async function staysOpen(contract: Contract) {
  const { adapter, openLink, decide } = await openProvider(contract)
  const { url, link } = await openLink()
  expect(await adapter.checkLink(link, call)).toEqual({ kind: 'open' })
  await decide(url, 'deny')
  expect(await adapter.checkLink(link, call)).toEqual({ kind: 'open' })
}

async function tellsApart(contract: Contract) {
  const { adapter, openLink, decide } = await openProvider(contract)
  const first = await openLink()
  await decide(first.url, 'approve')
  const firstConnection = onlyConnection(await adapter.checkLink(first.link, call))
  const second = await openLink()
  expect(await adapter.checkLink(second.link, call)).toEqual({ kind: 'open' })
  await decide(second.url, 'approve')
  const secondConnection = onlyConnection(await adapter.checkLink(second.link, call))
  expect(secondConnection.remoteId).not.toBe(firstConnection.remoteId)
}

async function hasConnectors({ connectors, standard, ...setting }: Contract) {
  const provider = await openProvider({ ...setting, standard })
  const all = await provider.connectors()
  expect(all.length).toBeGreaterThanOrEqual(connectors)
  expect(new Set(all.map(({ key }) => key)).size).toBe(all.length)
  const { connectorKey, connectorName, direction } = standard
  const found = all.find(({ key }) => key === connectorKey)
  expect(found).toMatchObject({ name: connectorName, linkable: true })
  expect(found?.directions).toContain(direction)
  const directions = new Set(all.flatMap((connector) => connector.directions))
  expect([...directions].every((one) => provider.capabilities.directions.includes(one))).toBe(true)
}

async function readsEverything(contract: Contract) {
  const many = 1_100
  const provider = await openProvider(contract, { connectors: many, connections: many })
  const keys = (await provider.connectors()).map(({ key }) => key)
  expect(new Set(keys).size).toBe(keys.length)
  expect(keys.length).toBeGreaterThanOrEqual(many)
  const listed = await provider.connections()
  const ids = listed.map(({ direction, remoteId }) => `${direction} ${remoteId}`)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.length).toBeGreaterThanOrEqual(many)
}

async function stopsWhenAborted(contract: Contract) {
  const { adapter, requests } = await openProvider(contract)
  const gone = { signal: AbortSignal.abort(new Error('the caller has gone')) }
  await expect(allOf(adapter.listConnections([], gone))).rejects.toThrow('the caller has gone')
  expect((await requests()).filter(({ path }) => !path.includes('/oauth/token'))).toEqual([])
}

interface Failing {
  readonly name: CallName
  readonly fault: Fault
  readonly expected: object
}

async function failsWell(contract: Contract, { name, fault, expected }: Failing) {
  const provider = await openProvider(contract)
  const attempt = await prepare(provider, name)
  await provider.fault({ ...contract.calls[name], ...fault })
  if (fault.kind === 'slow') provider.hurry()
  const error = await failureOf(attempt)
  expect(error).toBeInstanceOf(ProviderError)
  expect(error).toMatchObject({ provider: contract.definition.key, ...expected })
  const told = inspect(error, { depth: 10 }) + provider.logged()
  for (const secret of [leak, ...contract.secrets]) expect(told).not.toContain(secret)
}

async function saysWhatIsMissing(contract: Contract, name: CallName) {
  const provider = await openProvider(contract)
  const attempt = await prepare(provider, name)
  await provider.fault({ ...contract.calls[name], status: 404, body })
  if (name in contract.absent) return expect(await attempt()).toEqual(contract.absent[name])
  const error = await failureOf(attempt)
  if (name === 'createLink') {
    expect(error).toBeInstanceOf(NotFoundError)
    expect(error).toMatchObject({ message: expect.stringContaining(contract.standard.connectorKey) })
  } else {
    expect(error).toMatchObject({ code: 'PROVIDER_REJECTED' })
  }
  expect(inspect(error, { depth: 10 }) + provider.logged()).not.toContain(leak)
}

/** The call in question, with everything before it done. */
async function prepare(provider: Opened, name: CallName): Promise<() => Promise<unknown>> {
  const { adapter } = provider
  switch (name) {
    case 'createLink':
      return () => provider.createLink()
    case 'listConnections':
      return () => provider.connections()
    case 'listConnectors':
      return () => provider.connectors()
    case 'checkLink': {
      const { link } = await provider.openLink()
      return () => adapter.checkLink(link, call)
    }
    case 'getConnection': {
      const connection = await connected(provider)
      return () => adapter.getConnection(connection, call)
    }
    case 'disconnect': {
      const connection = await connected(provider)
      return async () => adapter.disconnect?.(connection, call)
    }
  }
}

async function connected({ adapter, openLink, decide }: Opened): Promise<RemoteConnection> {
  const { url, link } = await openLink()
  await decide(url, 'approve')
  return onlyConnection(await adapter.checkLink(link, call))
}

/** The connection that a link has made, whether the provider says so or it is the only one to come into question. */
export function onlyConnection(progress: LinkProgress): RemoteConnection {
  if (progress.kind === 'completed') return progress.connection
  if (progress.kind === 'candidates' && progress.connections.length === 1) {
    const [only] = progress.connections
    if (only) return only
  }
  throw new Error(`the link is not completed: ${inspect(progress)}`)
}

const failureOf = (attempt: () => Promise<unknown>): Promise<unknown> =>
  attempt().then(
    (value) => {
      throw new Error(`no failure but ${inspect(value)}`)
    },
    (error: unknown) => error,
  )
