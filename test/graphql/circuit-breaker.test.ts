import { beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { ConnectionsDocument } from '../generated/graphql.ts'
import { testDatabase } from '../helpers/database.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import {
  awaitSyncsAndClearRequests,
  createLink,
  createLinkOrThrow,
  postQuery,
  providerRequests,
} from './open.ts'
import { createLinkWithSelection, injectFault } from './select-provider.ts'

beforeAll(() => testDatabase())

const statusShape = z.object({
  provider: z.object({
    status: z.string(),
    lastFailure: z.object({ at: z.string(), code: z.string(), cause: z.string().nullable() }).nullable(),
  }),
})

async function readStatus(gateway: TestGateway) {
  const query = '{ provider(key: FIVETRAN) { status lastFailure { at code cause } } }'
  return statusShape.parse((await postQuery(gateway, query)).data).provider
}

const requestsToFivetran = async (gateway: TestGateway) =>
  (await providerRequests(gateway)).filter(({ path }) => path.startsWith('/fivetran')).length

/** A gateway with an open link at Fivetran, which then does not answer any more, and an open circuit breaker. */
async function openWithHangingFivetran() {
  const gateway = await startTestGateway({ providerDeadlineMs: 2_000 })
  await awaitSyncsAndClearRequests(gateway)
  await gateway.send(ConnectionsDocument, {})
  const { id } = await createLinkOrThrow(gateway, 'FIVETRAN')
  expect(await readStatus(gateway)).toMatchObject({ status: 'UP' })
  await injectFault(gateway, 'FIVETRAN', { times: 1_000_000, delayMs: 600_000 })
  const results = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      createLink(gateway, 'FIVETRAN', { endUser: { id: `user-${index}` } }),
    ),
  )
  return { gateway, id, results }
}

test('callers of a provider that hangs wait for one deadline; then the circuit breaker answers at once', async () => {
  const { gateway, results } = await openWithHangingFivetran()
  // 32 at a time, and a few more before the circuit breaker opens; the others did not wait for calls of their own.
  const created = (await providerRequests(gateway)).filter(
    ({ method, path }) => method === 'POST' && path.startsWith('/fivetran'),
  )
  expect(created.length).toBeLessThan(45)
  for (const result of results)
    expect(result).toMatchObject({
      code: expect.stringMatching(/^PROVIDER_(TIMEOUT|UNAVAILABLE)$/),
      retryable: true,
    })
  expect(await readStatus(gateway)).toMatchObject({
    status: 'DOWN',
    lastFailure: { code: 'PROVIDER_TIMEOUT', at: gateway.clock.now().toISOString() },
  })
  expect(gateway.logged()).toContain('circuit breaker opened')

  const requests = await requestsToFivetran(gateway)
  expect(await createLink(gateway, 'FIVETRAN')).toMatchObject({
    code: 'PROVIDER_UNAVAILABLE',
    provider: 'FIVETRAN',
    retryable: true,
    retryAfterSeconds: expect.toBeOneOf([5, 6]),
  })
  expect(await requestsToFivetran(gateway)).toBe(requests)

  // The other providers are not affected, and the gateway selects one of them.
  await createLinkOrThrow(gateway, 'PIPEDREAM')
  const selected = await createLinkWithSelection(gateway)
  if (selected.__typename !== 'CreateConnectLinkPayload') throw new Error(JSON.stringify(selected))
  expect(selected.connectLink.provider.key).not.toBe('FIVETRAN')
})

test('polls and syncs neither call a provider while its circuit breaker is open, nor fail', async () => {
  const { gateway, id } = await openWithHangingFivetran()
  const { db } = gateway.connect
  const readLinks = () =>
    db.selectFrom('connectLinks').select(['id', 'status', 'nextCheckAt', 'checkLockExpiresAt']).execute()
  const [links, requests] = [await readLinks(), await requestsToFivetran(gateway)]
  gateway.clock.advance(4)
  await gateway.poll()
  const { data } = await postQuery(gateway, `{ connectLink(id: "${id}") { status } }`)
  expect(data).toEqual({ connectLink: { status: 'CREATED' } })
  expect(await readLinks()).toEqual(links)

  const { connections } = await gateway.send(ConnectionsDocument, {})
  expect(connections.syncStatus.find(({ provider }) => provider === 'FIVETRAN')).toMatchObject({
    error: null,
  })
  expect(await requestsToFivetran(gateway)).toBe(requests)
})

test('when the provider answers again, the first call closes the circuit breaker', async () => {
  const { gateway } = await openWithHangingFivetran()
  await gateway.control('DELETE', 'faults')
  expect(await createLink(gateway, 'FIVETRAN')).toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
  gateway.clock.advance(7)
  await createLinkOrThrow(gateway, 'FIVETRAN')
  expect((await readStatus(gateway)).status).toBe('UP')
  expect(gateway.logged()).toContain('circuit breaker closed')
  const account = gateway.connect.providers.getConfigured('FIVETRAN').accountKey
  expect(gateway.connect.health.transitions().get(account)).toEqual({ OPEN: 1, HALF_OPEN: 1, CLOSED: 1 })
})

test('a provider that limits the rate gets calls again after its Retry-After', async () => {
  const gateway = await startTestGateway()
  await awaitSyncsAndClearRequests(gateway)
  const limited = { method: 'POST', times: 5, status: 429, headers: { 'retry-after': '30' }, body: {} }
  await injectFault(gateway, 'FIVETRAN', limited)
  for (let count = 0; count < 5; count += 1)
    expect(await createLink(gateway, 'FIVETRAN')).toMatchObject({ code: 'PROVIDER_RATE_LIMITED' })
  gateway.clock.advance(29)
  expect(await createLink(gateway, 'FIVETRAN')).toMatchObject({ retryAfterSeconds: 1 })
  gateway.clock.advance(1)
  await createLinkOrThrow(gateway, 'FIVETRAN')
})
