import { describe, expect, test, vi } from 'vitest'
import {
  ConnectLinkDocument,
  CreateConnectLinkDocument,
  DisconnectConnectionDocument,
  RevokeConnectLinkDocument,
} from '../generated/graphql.ts'
import { createTestClock } from '../helpers/clock.ts'
import { startTestGateway, type TestGateway, testApiKey } from '../helpers/gateway.ts'
import { openSandboxBehind } from '../sandbox/behind.ts'
import {
  connected,
  connectorOf,
  createLink,
  forgetRequests,
  madeLink,
  providers,
  requestsTo,
} from './open.ts'

/** For what comes by itself, on a busy machine. */
const patience = { timeout: 10_000 }

/** Asks, and goes away once the provider has been asked. */
async function askAndLeave(
  gateway: TestGateway,
  { document, variables }: { readonly document: { toString(): string }; readonly variables: object },
  isAsked: () => Promise<void> | void,
) {
  const leaving = new AbortController()
  const answer = fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${testApiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: String(document), variables }),
    signal: leaving.signal,
  })
  await vi.waitFor(isAsked, patience)
  leaving.abort()
  await expect(answer).rejects.toThrow('abort')
}

/** Stands before the sandbox and lets everything through, until it is told to keep a caller waiting for ever. */
async function openSluice() {
  const clock = createTestClock()
  const held = { isOn: false, waiting: 0, left: 0 }
  const sandbox = await openSandboxBehind(clock, (request, response, go) => {
    const isRead = request.method === 'GET' && !request.url?.startsWith('/__sandbox')
    if (!held.isOn || !isRead) return go()
    held.waiting += 1
    response.once('close', () => {
      held.left += 1
    })
  })
  return { clock, sandbox, held }
}

describe('a client that leaves', () => {
  test('while a link is read ends the question to its provider', async () => {
    const { clock, sandbox, held } = await openSluice()
    const gateway = await startTestGateway({ clock, sandbox })
    await forgetRequests(gateway)
    const { id } = await madeLink(gateway, 'FIVETRAN')
    held.isOn = true
    await askAndLeave(gateway, { document: ConnectLinkDocument, variables: { id } }, () =>
      expect(held.waiting).toBe(1),
    )
    await vi.waitFor(() => expect(held.left).toBe(1), patience)

    // The next reader is not kept waiting by the one who left.
    held.isOn = false
    clock.advance(60)
    const { connectLink } = await gateway.send(ConnectLinkDocument, { id })
    expect(connectLink).toMatchObject({ status: 'CREATED' })
    expect(gateway.logged()).not.toMatch(/"level":"?(50|error)/)
  })
})

const slowly = (provider: string, method: string) => ({ provider, method, times: 1, delayMs: 300 })

describe('what has begun is finished and recorded when the client leaves:', () => {
  test.each(providers)('a link of %s', async (provider) => {
    const gateway = await startTestGateway()
    await forgetRequests(gateway)
    const idempotencyKey = 'order-7'
    await gateway.control('POST', 'faults', slowly(provider, 'POST'))
    const input = { connector: connectorOf[provider], endUser: { id: 'user-1' }, idempotencyKey }
    const call = { document: CreateConnectLinkDocument, variables: { provider, input } }
    await askAndLeave(gateway, call, async () => {
      expect((await requestsTo(gateway)).some(({ method }) => method === 'POST')).toBe(true)
    })
    const again = await createLink(gateway, provider, { idempotencyKey })
    expect(again).toMatchObject({ __typename: 'CreateConnectLinkPayload', replayed: true })
    const answer = await gateway.post('{ connectLinks { totalCount } }')
    expect(await answer.json()).toEqual({ data: { connectLinks: { totalCount: 1 } } })
  })

  test('a removal', async () => {
    const gateway = await startTestGateway()
    const connectionId = await connected(gateway, 'PIPEDREAM')
    await forgetRequests(gateway)
    await gateway.control('POST', 'faults', slowly('pipedream', 'DELETE'))
    const call = { document: DisconnectConnectionDocument, variables: { id: connectionId } }
    await askAndLeave(gateway, call, async () => {
      expect((await requestsTo(gateway)).some(({ method }) => method === 'DELETE')).toBe(true)
    })
    await vi.waitFor(async () => {
      const answer = await gateway.post('{ connections { nodes { status } } }')
      expect(await answer.json()).toEqual({ data: { connections: { nodes: [{ status: 'DISCONNECTED' }] } } })
    }, patience)
  })

  test('a withdrawal', async () => {
    const gateway = await startTestGateway()
    const { id } = await madeLink(gateway, 'CENSUS')
    await forgetRequests(gateway)
    await gateway.control('POST', 'faults', slowly('census', 'POST'))
    const call = { document: RevokeConnectLinkDocument, variables: { id } }
    await askAndLeave(gateway, call, async () => {
      expect((await requestsTo(gateway)).some(({ path }) => path.endsWith('/revoke'))).toBe(true)
    })
    await vi.waitFor(async () => {
      const [row] = await gateway.connect.db.selectFrom('connectLinks').selectAll().execute()
      expect(row).toMatchObject({ status: 'REVOKED', revokedAtProvider: true })
    }, patience)
  })
})
