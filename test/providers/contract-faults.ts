import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { NotFoundError } from '../../src/domain/errors.ts'
import { ProviderError } from '../../src/domain/provider-error.ts'
import { createConnection } from './connected.ts'
import { type CallName, type Contract, callNames } from './contract-subject.ts'
import { call, type Fault, openProvider, type TestProvider } from './open.ts'

const leak = 'LEAKED-0123456789'
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
  ['a response after the deadline', { kind: 'slow' }, { code: 'PROVIDER_TIMEOUT', retryable: true }],
  ['a connection reset', { kind: 'reset' }, { code: 'PROVIDER_UNAVAILABLE', retryable: true }],
  ['truncated JSON', { kind: 'truncate', body }, { code: 'PROVIDER_INVALID_RESPONSE', retryable: false }],
  [
    '200 with an unexpected body',
    { status: 200, body: { [leak]: body } },
    { code: 'PROVIDER_INVALID_RESPONSE', retryable: false },
  ],
]

/**
 * Tests that each failure of a provider becomes the matching error, and that no text of the response body is
 * exposed.
 */
export function testFaults(contract: Contract): void {
  describe.each(callNames.filter((name) => name in contract.calls))('%s', (name) => {
    test.each(faults)('throws the matching error for %s', (_, fault, expected) =>
      testFault(contract, { name, fault, expected }),
    )
    test('handles 404 as not found', () => testNotFound(contract, name))
  })
}

interface FaultCase {
  readonly name: CallName
  readonly fault: Fault
  readonly expected: object
}

async function testFault(contract: Contract, { name, fault, expected }: FaultCase) {
  const provider = await openProvider(contract)
  const callAdapter = await prepare(provider, name)
  await provider.fault({ ...contract.calls[name], ...fault })
  if (fault.kind === 'slow') provider.shortenDeadline()
  const error = await errorOf(callAdapter)
  expect(error).toBeInstanceOf(ProviderError)
  expect(error).toMatchObject({ provider: contract.definition.key, ...expected })
  const output = inspect(error, { depth: 10 }) + provider.logged()
  for (const secret of [leak, ...contract.secrets]) expect(output).not.toContain(secret)
}

async function testNotFound(contract: Contract, name: CallName) {
  const provider = await openProvider(contract)
  const callAdapter = await prepare(provider, name)
  await provider.fault({ ...contract.calls[name], status: 404, body })
  if (name in contract.absent) return expect(await callAdapter()).toEqual(contract.absent[name])
  const error = await errorOf(callAdapter)
  if (name === 'createLink' || name === 'createReconnectLink') {
    expect(error).toBeInstanceOf(NotFoundError)
    const text = name === 'createLink' ? contract.linkDefaults.connectorKey : 'no connect'
    expect(error).toMatchObject({ message: expect.stringContaining(text) })
  } else {
    expect(error).toMatchObject({ code: 'PROVIDER_REJECTED' })
  }
  expect(inspect(error, { depth: 10 }) + provider.logged()).not.toContain(leak)
}

/** Runs the steps that the adapter method needs; returns a function that calls the method. */
async function prepare(provider: TestProvider, name: CallName): Promise<() => Promise<unknown>> {
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
      const connection = await createConnection(provider)
      return () => provider.reconnect(connection)
    }
    case 'getConnection': {
      const connection = await createConnection(provider)
      return () => adapter.getConnection(connection, call)
    }
    case 'disconnect': {
      const connection = await createConnection(provider)
      return async () => adapter.disconnect?.(connection, call)
    }
  }
}

const errorOf = (callAdapter: () => Promise<unknown>): Promise<unknown> =>
  callAdapter().then(
    (value) => {
      throw new Error(`expected an error, got ${inspect(value)}`)
    },
    (error: unknown) => error,
  )
