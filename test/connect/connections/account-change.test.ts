import { beforeAll, describe, expect, test } from 'vitest'
import { createTestClock } from '../../helpers/clock.ts'
import { testDatabase } from '../../helpers/database.ts'
import { openSandbox } from '../../sandbox/open.ts'
import { openGateway } from '../gateway.ts'

beforeAll(() => testDatabase())

/** Environment of a real Fivetran account, served by another sandbox. */
const environmentAt = (origin: string) => ({
  FIVETRAN_API_KEY: 'sandbox-key',
  FIVETRAN_API_SECRET: 'sandbox-secret',
  FIVETRAN_GROUP_ID: 'sandbox_group',
  FIVETRAN_BASE_URL: `${origin}/fivetran`,
})

describe('a change from the sandbox to a real account', () => {
  test('makes the old connections UNKNOWN, not DISCONNECTED, and ACTIVE again after the change back', async () => {
    const first = await openGateway()
    const { sandbox, clock } = first
    const shared = { sandbox, clock, keepData: true }
    await first.makeConnection('FIVETRAN', 'hubspot')
    const [old] = (await first.list()).nodes
    expect(old).toMatchObject({ status: 'ACTIVE', provider: { key: 'FIVETRAN' } })

    const otherSandbox = await openSandbox({ clock })
    const second = await openGateway({ ...shared, env: environmentAt(otherSandbox.url.origin) })
    await second.makeConnection('FIVETRAN', 'github')
    await second.list()
    const { nodes, syncStatus } = await second.list()
    expect(syncStatus).toMatchObject({ FIVETRAN: 'FRESH' })
    expect(nodes.map(({ id, status }) => [id, status])).toEqual([
      [expect.not.stringMatching(old?.id ?? ''), 'ACTIVE'],
      [old?.id, 'UNKNOWN'],
    ])
    expect((await second.list({ statuses: ['UNKNOWN'] })).totalCount).toBe(1)
    expect((await second.list({ statuses: ['ACTIVE'] })).totalCount).toBe(1)

    const third = await openGateway(shared)
    const restored = await third.list()
    expect(restored.nodes.map(({ connectorKey, status }) => [connectorKey, status])).toEqual([
      ['github', 'UNKNOWN'],
      ['hubspot', 'ACTIVE'],
    ])
  })

  test('returns PROVIDER_NOT_CONFIGURED for the disconnect of an old connection', async () => {
    const first = await openGateway()
    const { sandbox, clock } = first
    await first.makeConnection('FIVETRAN', 'hubspot')
    const [old] = (await first.list()).nodes
    const otherSandbox = await openSandbox({ clock })
    const env = environmentAt(otherSandbox.url.origin)
    const second = await openGateway({ sandbox, clock, keepData: true, env })

    expect(await second.disconnect(old?.id ?? '')).toMatchObject({
      __typename: 'UnsupportedError',
      code: 'PROVIDER_NOT_CONFIGURED',
    })
    expect((await second.list()).nodes).toMatchObject([{ id: old?.id, status: 'UNKNOWN' }])
  })
})

describe('a change of the Census API version', () => {
  test('makes the connections of the other version UNKNOWN', async () => {
    const clock = createTestClock()
    const sandbox = await openSandbox({ clock })
    const first = await openGateway({ sandbox, clock, env: { CENSUS_API_VERSION: '1' } })
    await first.makeConnection('CENSUS', 'hubspot')
    expect((await first.list()).nodes).toMatchObject([{ status: 'ACTIVE' }])

    const second = await openGateway({ sandbox, clock, keepData: true })
    await second.makeConnection('CENSUS', 'hubspot')
    await second.list()
    expect((await second.list()).nodes.map(({ status }) => status)).toEqual(['ACTIVE', 'UNKNOWN'])

    const third = await openGateway({ sandbox, clock, keepData: true, env: { CENSUS_API_VERSION: '1' } })
    expect((await third.list()).nodes.map(({ status }) => status)).toEqual(['UNKNOWN', 'ACTIVE'])
  })
})

describe('a link of an account that is no longer configured', () => {
  test('is not polled, and expires an hour after `expiresAt`', async () => {
    const first = await openGateway()
    const { sandbox, clock } = first
    const link = await first.createLink('FIVETRAN', 'hubspot')
    const otherSandbox = await openSandbox({ clock })
    const env = environmentAt(otherSandbox.url.origin)
    const second = await openGateway({ sandbox, clock, keepData: true, env })

    clock.advance(86_401)
    expect(await second.readLink(link.id)).toMatchObject({ status: 'CREATED' })
    clock.advance(3_600)
    await second.poll()
    expect(await second.readLink(link.id)).toMatchObject({
      status: 'EXPIRED',
      history: [{ to: 'CREATED' }, { to: 'EXPIRED', source: 'TIMEOUT' }],
    })
  })
})
