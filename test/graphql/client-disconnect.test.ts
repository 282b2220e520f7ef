import { describe, expect, test, vi } from 'vitest'
import { providerFixtures } from '../fixtures/providers.ts'
import {
  ConnectLinkDocument,
  CreateConnectLinkDocument,
  DisconnectConnectionDocument,
  RevokeConnectLinkDocument,
} from '../generated/graphql.ts'
import { createTestClock } from '../helpers/clock.ts'
import { startTestGateway, type TestGateway, testApiKey } from '../helpers/gateway.ts'
import { openSandboxBehindProxy } from '../sandbox/behind.ts'
import {
  awaitSyncsAndClearRequests,
  createConnection,
  createLink,
  createLinkOrThrow,
  providerRequests,
  providers,
} from './open.ts'

/** For `vi.waitFor`; long enough for a busy machine. */
const waitOptions = { timeout: 10_000 }

/** Sends a document and aborts the request once `hasReachedProvider` passes. */
async function sendAndAbort(
  gateway: TestGateway,
  { document, variables }: { readonly document: { toString(): string }; readonly variables: object },
  hasReachedProvider: () => Promise<void> | void,
) {
  const controller = new AbortController()
  const response = fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${testApiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: String(document), variables }),
    signal: controller.signal,
  })
  await vi.waitFor(hasReachedProvider, waitOptions)
  controller.abort()
  await expect(response).rejects.toThrow('abort')
}

/** A sandbox behind a proxy. While `reads.blocked` is set, the proxy never responds to provider reads. */
async function openBlockableSandbox() {
  const clock = createTestClock()
  const reads = { blocked: false, received: 0, closed: 0 }
  const sandbox = await openSandboxBehindProxy(clock, (request, response, forward) => {
    const isRead = request.method === 'GET' && !request.url?.startsWith('/__sandbox')
    if (!reads.blocked || !isRead) return forward()
    reads.received += 1
    response.once('close', () => {
      reads.closed += 1
    })
  })
  return { clock, sandbox, reads }
}

describe('a client disconnect', () => {
  test('while a link is read aborts the request to its provider', async () => {
    const { clock, sandbox, reads } = await openBlockableSandbox()
    const gateway = await startTestGateway({ clock, sandbox })
    await awaitSyncsAndClearRequests(gateway)
    const { id } = await createLinkOrThrow(gateway, 'FIVETRAN')
    reads.blocked = true
    await sendAndAbort(gateway, { document: ConnectLinkDocument, variables: { id } }, () =>
      expect(reads.received).toBe(1),
    )
    await vi.waitFor(() => expect(reads.closed).toBe(1), waitOptions)

    // The aborted read must not block the next one.
    reads.blocked = false
    clock.advance(60)
    const { connectLink } = await gateway.send(ConnectLinkDocument, { id })
    expect(connectLink).toMatchObject({ status: 'CREATED' })
    expect(gateway.logged()).not.toMatch(/"level":"?(50|error)/)
  })
})

const delayed = (provider: string, method: string) => ({ provider, method, times: 1, delayMs: 300 })

describe('a client disconnect does not abort', () => {
  test.each(providers)('createConnectLink at %s: the link is recorded', async (provider) => {
    const gateway = await startTestGateway()
    await awaitSyncsAndClearRequests(gateway)
    const idempotencyKey = 'order-7'
    await gateway.control('POST', 'faults', delayed(provider, 'POST'))
    const input = {
      connector: providerFixtures[provider].connectorKey,
      endUser: { id: 'user-1' },
      idempotencyKey,
    }
    const call = { document: CreateConnectLinkDocument, variables: { provider, input } }
    await sendAndAbort(gateway, call, async () => {
      expect((await providerRequests(gateway)).some(({ method }) => method === 'POST')).toBe(true)
    })
    const repeated = await createLink(gateway, provider, { idempotencyKey })
    expect(repeated).toMatchObject({ __typename: 'CreateConnectLinkPayload', replayed: true })
    const response = await gateway.post('{ connectLinks { totalCount } }')
    expect(await response.json()).toMatchObject({ data: { connectLinks: { totalCount: 1 } } })
  })

  test('disconnectConnection: the connection is removed', async () => {
    const gateway = await startTestGateway()
    const connectionId = await createConnection(gateway, 'PIPEDREAM')
    await awaitSyncsAndClearRequests(gateway)
    await gateway.control('POST', 'faults', delayed('pipedream', 'DELETE'))
    const call = { document: DisconnectConnectionDocument, variables: { id: connectionId } }
    await sendAndAbort(gateway, call, async () => {
      expect((await providerRequests(gateway)).some(({ method }) => method === 'DELETE')).toBe(true)
    })
    await vi.waitFor(async () => {
      const response = await gateway.post(
        '{ connections(filter: { statuses: [DISCONNECTED] }) { nodes { status } } }',
      )
      expect(await response.json()).toMatchObject({
        data: { connections: { nodes: [{ status: 'DISCONNECTED' }] } },
      })
    }, waitOptions)
  })

  test('revokeConnectLink: the link is revoked at the provider', async () => {
    const gateway = await startTestGateway()
    const { id } = await createLinkOrThrow(gateway, 'CENSUS')
    await awaitSyncsAndClearRequests(gateway)
    await gateway.control('POST', 'faults', delayed('census', 'POST'))
    const call = { document: RevokeConnectLinkDocument, variables: { id } }
    await sendAndAbort(gateway, call, async () => {
      expect((await providerRequests(gateway)).some(({ path }) => path.endsWith('/revoke'))).toBe(true)
    })
    await vi.waitFor(async () => {
      const [row] = await gateway.connect.db.selectFrom('connectLinks').selectAll().execute()
      expect(row).toMatchObject({ status: 'REVOKED', revokedAtProvider: true })
    }, waitOptions)
  })
})
