import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { NotFoundError, ProviderError } from '../../src/domain/errors.ts'
import { connected } from './connected.ts'
import { type CallName, type Contract, callNames } from './contract-subject.ts'
import { call, type Fault, type Opened, openProvider } from './open.ts'

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
  [
    'JSON that breaks off',
    { kind: 'truncate', body },
    { code: 'PROVIDER_INVALID_RESPONSE', retryable: false },
  ],
  [
    '200 with the wrong shape',
    { status: 200, body: { [leak]: body } },
    { code: 'PROVIDER_INVALID_RESPONSE', retryable: false },
  ],
]

/** Every failure of a provider becomes the error that says what kind it was, and no word of its body goes further. */
export function testFaults(contract: Contract): void {
  describe.each(callNames.filter((name) => name in contract.calls))('%s', (name) => {
    test.each(faults)('turns %s into the right error', (_, fault, expected) =>
      failsWell(contract, { name, fault, expected }),
    )
    test('turns 404 into what is not there', () => saysWhatIsMissing(contract, name))
  })
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
  if (name === 'createLink' || name === 'createReconnectLink') {
    expect(error).toBeInstanceOf(NotFoundError)
    const named = name === 'createLink' ? contract.standard.connectorKey : 'no connect'
    expect(error).toMatchObject({ message: expect.stringContaining(named) })
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
    case 'revokeLink': {
      const { link } = await provider.openLink()
      return async () => adapter.revokeLink?.(link, call)
    }
    case 'createReconnectLink': {
      const connection = await connected(provider)
      return () => provider.reconnect(connection)
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

const failureOf = (attempt: () => Promise<unknown>): Promise<unknown> =>
  attempt().then(
    (value) => {
      throw new Error(`no failure but ${inspect(value)}`)
    },
    (error: unknown) => error,
  )
