import { expect, test, vi } from 'vitest'
import { createTestClock } from '../helpers/clock.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { openSandboxBehindProxy } from '../sandbox/behind.ts'
import { awaitSyncsAndClearRequests, createLinkOrThrow, postQuery, providerRequests } from './open.ts'

const env = { EXECUTION_TIMEOUT_SECONDS: '3' }
const timedOut = { status: 504, codes: ['TIMEOUT'], data: undefined }

const link = (alias: string, connector: string) =>
  `${alias}: createConnectLink(provider: PIPEDREAM, input: { connector: "${connector}", endUser: { id: "user-1" } }) { __typename }`

const countLinks = async (gateway: TestGateway) =>
  (await gateway.connect.db.selectFrom('connectLinks').select('id').execute()).length

test('a read that exceeds the timeout is answered 504, and its request to the provider is aborted', async () => {
  const clock = createTestClock()
  const reads = { blocked: false, received: 0, closed: 0 }
  const sandbox = await openSandboxBehindProxy(clock, (request, response, forward) => {
    if (!reads.blocked || request.url?.startsWith('/__sandbox')) return forward()
    reads.received += 1
    response.once('close', () => {
      reads.closed += 1
    })
  })
  const earlier = await startTestGateway({ clock, sandbox })
  await awaitSyncsAndClearRequests(earlier)
  const { id } = await createLinkOrThrow(earlier, 'FIVETRAN')
  const query = `{ connectLink(id: "${id}") { status } }`
  // The control: the provider answers.
  expect(await postQuery(earlier, query)).toMatchObject({ status: 200, codes: [] })
  await earlier.close()
  const gateway = await startTestGateway({ clock, sandbox, env, keepData: true })
  await gateway.connect.connectorSyncs.idle()
  clock.advance(60)
  reads.blocked = true
  expect(await postQuery(gateway, query)).toMatchObject(timedOut)
  await vi.waitFor(() => expect(reads).toMatchObject({ received: 1, closed: 1 }), { timeout: 10_000 })
})

test('a mutation that exceeds it is completed, and the next one of the request is not begun', async () => {
  const gateway = await startTestGateway({ env })
  await gateway.connect.connectorSyncs.ensureFresh(30_000)
  await gateway.control('DELETE', 'requests')
  await gateway.control('POST', 'faults', { provider: 'pipedream', method: 'POST', times: 1, delayMs: 6_000 })
  const document = `mutation { ${link('a', 'github')} ${link('b', 'slack')} }`
  expect(await postQuery(gateway, document)).toMatchObject(timedOut)
  // The provider has not answered yet.
  expect(await countLinks(gateway)).toBe(0)
  await vi.waitFor(async () => expect(await countLinks(gateway)).toBe(1), { timeout: 30_000 })
  await gateway.poll()
  expect(await countLinks(gateway)).toBe(1)
  const posts = (await providerRequests(gateway)).filter(
    ({ method, path }) => method === 'POST' && path.endsWith('/tokens'),
  )
  expect(posts).toHaveLength(1)
})

test('a subscription has no deadline', async () => {
  const gateway = await startTestGateway({ env })
  const response = await gateway.post('subscription { connectLinkUpdated { status } }')
  const reader = response.body?.getReader()
  await new Promise((resolve) => setTimeout(resolve, 4_000))
  await createLinkOrThrow(gateway, 'PIPEDREAM')
  let text = ''
  while (!text.includes('CREATED')) text += new TextDecoder().decode((await reader?.read())?.value)
  expect(text).not.toContain('TIMEOUT')
  await reader?.cancel()
})
