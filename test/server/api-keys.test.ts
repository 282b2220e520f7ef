import { describe, expect, test, vi } from 'vitest'
import { RevokeApiKeyDocument } from '../generated/graphql.ts'
import { asApiKey, queryWith, rotateKey, startTwoGateways } from '../graphql/as-api-key.ts'
import { countStatements } from '../graphql/count-statements.ts'
import type { TestGateway } from '../helpers/gateway.ts'
import { startWithoutProviders } from './raw-request.ts'

const viewerQuery = '{ viewer { name } }'
const accepted = { status: 200, codes: [] }
const refused = { status: 401, codes: ['UNAUTHENTICATED'] }

const lastUsedAt = async ({ connect: { db } }: TestGateway) =>
  (await db.selectFrom('apiKeys').select('lastUsedAt').executeTakeFirstOrThrow()).lastUsedAt

describe('an API key of the store', () => {
  test('with a wrong checksum is refused without a database read', async () => {
    const gateway = await startWithoutProviders()
    const { key } = await asApiKey(gateway)
    const statementsOf = countStatements()
    const send = (bearer: string) => queryWith(gateway, bearer)(viewerQuery)
    for (const wrong of [key.slice(0, -1), `${key.slice(0, -1)}!`, 'cgw_', key.toLowerCase()])
      expect(await statementsOf(async () => expect(await send(wrong)).toMatchObject(refused))).toBe(0)
    expect(await statementsOf(async () => expect(await send(key)).toMatchObject(accepted))).toBeGreaterThan(0)
  })

  test('that does not exist is refused with the same response as any other credentials', async () => {
    const gateway = await startWithoutProviders()
    const unknown = 'cgw_000000000000000000000000000000002wjyrI'
    const statementsOf = countStatements()
    const responses: unknown[] = []
    expect(
      await statementsOf(async () => responses.push(await queryWith(gateway, unknown)(viewerQuery))),
    ).toBe(1)
    responses.push(await queryWith(gateway, 'unknown')(viewerQuery))
    expect(responses[0]).toEqual(responses[1])
    expect(responses[0]).toMatchObject(refused)
  })

  test('is refused from its expiry on', async () => {
    const gateway = await startWithoutProviders()
    const { query, expiresAt } = await asApiKey(gateway, { expiresInSeconds: 100 })
    expect(expiresAt).toBe(new Date(gateway.clock.now().getTime() + 100_000).toISOString())
    gateway.clock.advance(99.999)
    expect(await query(viewerQuery)).toMatchObject(accepted)
    gateway.clock.advance(0.001)
    expect(await query(viewerQuery)).toMatchObject(refused)
  })

  test('that was rotated is accepted for the overlap, a day by default, beside the new key', async () => {
    const gateway = await startWithoutProviders()
    const former = await asApiKey(gateway)
    expect(await former.query(viewerQuery)).toMatchObject(accepted)
    const present = await rotateKey(gateway, former.id)
    expect(present).toMatchObject({
      id: former.id,
      name: former.name,
      scopes: former.scopes,
      expiresAt: null,
    })
    gateway.clock.advance(86_399)
    for (const { query } of [former, present]) expect(await query(viewerQuery)).toMatchObject(accepted)
    gateway.clock.advance(1)
    expect(await former.query(viewerQuery)).toMatchObject(refused)
    expect(await present.query(viewerQuery)).toMatchObject(accepted)
  })

  test('that was rotated without an overlap, or twice, is refused at once', async () => {
    const gateway = await startWithoutProviders()
    const first = await asApiKey(gateway)
    const second = await rotateKey(gateway, first.id, 60)
    expect(await first.query(viewerQuery)).toMatchObject(accepted)
    const third = await rotateKey(gateway, first.id, 60)
    expect(await first.query(viewerQuery)).toMatchObject(refused)
    expect(await second.query(viewerQuery)).toMatchObject(accepted)
    const fourth = await rotateKey(gateway, first.id, 0)
    for (const { query } of [second, third]) expect(await query(viewerQuery)).toMatchObject(refused)
    expect(await fourth.query(viewerQuery)).toMatchObject(accepted)
  })

  test('expires at its own expiry although the overlap is longer', async () => {
    const gateway = await startWithoutProviders()
    const former = await asApiKey(gateway, { expiresInSeconds: 100 })
    const present = await rotateKey(gateway, former.id, 1_000)
    gateway.clock.advance(100)
    for (const { query } of [former, present]) expect(await query(viewerQuery)).toMatchObject(refused)
  })

  test('has the time of its last use, written once a minute at most', async () => {
    const gateway = await startWithoutProviders()
    const { query } = await asApiKey(gateway)
    const use = async () => {
      expect(await query(viewerQuery)).toMatchObject(accepted)
      await vi.waitFor(async () => expect(await lastUsedAt(gateway)).not.toBeNull())
      return lastUsedAt(gateway)
    }
    expect(await lastUsedAt(gateway)).toBeNull()
    const firstUse = gateway.clock.now()
    expect(await use()).toEqual(firstUse)
    gateway.clock.advance(59)
    expect(await use()).toEqual(firstUse)
    gateway.clock.advance(1)
    await query(viewerQuery)
    await vi.waitFor(async () => expect(await lastUsedAt(gateway)).toEqual(gateway.clock.now()))
  })

  test('has a rate limit of its own, also beside a key of the same name', async () => {
    const gateway = await startWithoutProviders({ RATE_LIMIT_API_KEY: '100' })
    const [one, other] = [await asApiKey(gateway), await asApiKey(gateway)]
    for (let count = 0; count < 50; count += 1) await one.query(viewerQuery)
    expect(await one.query(viewerQuery)).toMatchObject({ codes: ['RATE_LIMITED'] })
    expect(await other.query(viewerQuery)).toMatchObject(accepted)
  })

  test('is refused while the database cannot be read; GATEWAY_API_KEY is not', async () => {
    const gateway = await startWithoutProviders()
    const { key, headers } = await asApiKey(gateway)
    const find = vi.spyOn(gateway.connect.apiKeys, 'find').mockRejectedValue(new Error('connection lost'))
    const response = await gateway.post(viewerQuery, {}, headers)
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({
      errors: [
        {
          message: 'Credentials cannot be verified at the moment.',
          extensions: { code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 5 },
        },
      ],
    })
    expect(gateway.logged()).toContain('connection lost')
    expect((await gateway.post(viewerQuery)).status).toBe(200)
    find.mockRestore()
    expect(await queryWith(gateway, key)(viewerQuery)).toMatchObject(accepted)
  })
})

// The clock of the cache is the monotonic one of the process, so that the tests wait.
const patience = { timeout: 30_000, interval: 100 }

describe('on two gateways', () => {
  test('a key that is revoked at one is refused by the other within seconds', async () => {
    const { one, other } = await startTwoGateways()
    const { id, key } = await asApiKey(one)
    const query = queryWith(other, key)
    expect(await query(viewerQuery)).toMatchObject(accepted)
    await one.send(RevokeApiKeyDocument, { id })
    await vi.waitFor(async () => expect(await query(viewerQuery)).toMatchObject(refused), patience)
    expect(await queryWith(one, key)(viewerQuery)).toMatchObject(refused)
  })

  test('a key that is rotated at one is replaced at the other', async () => {
    const { one, other } = await startTwoGateways()
    const { id, key } = await asApiKey(one)
    const former = queryWith(other, key)
    expect(await former(viewerQuery)).toMatchObject(accepted)
    await rotateKey(one, id, 0)
    await vi.waitFor(async () => expect(await former(viewerQuery)).toMatchObject(refused), patience)
  })
})
