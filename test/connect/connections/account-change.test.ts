import { beforeAll, describe, expect, test } from 'vitest'
import { createTestClock } from '../../helpers/clock.ts'
import { testDatabase } from '../../helpers/database.ts'
import { openSandbox } from '../../sandbox/open.ts'
import { openGateway } from '../gateway.ts'

beforeAll(() => testDatabase())

/** The variables of a real Fivetran account that happens to live in another sandbox. */
const accountAt = (origin: string) => ({
  FIVETRAN_API_KEY: 'sandbox-key',
  FIVETRAN_API_SECRET: 'sandbox-secret',
  FIVETRAN_GROUP_ID: 'sandbox_group',
  FIVETRAN_BASE_URL: `${origin}/fivetran`,
})

describe('going from the sandbox to a real account', () => {
  test('shows the old connections as UNKNOWN, never as disconnected, and they are ACTIVE on the way back', async () => {
    const first = await openGateway()
    const { sandbox, clock } = first
    const shared = { sandbox, clock, keepData: true }
    await first.makeConnection('FIVETRAN', 'hubspot')
    const [old] = (await first.list()).nodes
    expect(old).toMatchObject({ status: 'ACTIVE', provider: { key: 'FIVETRAN' } })

    const elsewhere = await openSandbox({ clock })
    const second = await openGateway({ ...shared, env: accountAt(elsewhere.url.origin) })
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
    const back = await third.list()
    expect(back.nodes.map(({ connectorKey, status }) => [connectorKey, status])).toEqual([
      ['github', 'UNKNOWN'],
      ['hubspot', 'ACTIVE'],
    ])
  })

  test('cannot disconnect what belongs to the account that is not configured', async () => {
    const first = await openGateway()
    const { sandbox, clock } = first
    await first.makeConnection('FIVETRAN', 'hubspot')
    const [old] = (await first.list()).nodes
    const elsewhere = await openSandbox({ clock })
    const env = accountAt(elsewhere.url.origin)
    const second = await openGateway({ sandbox, clock, keepData: true, env })

    expect(await second.disconnect(old?.id ?? '')).toMatchObject({
      __typename: 'UnsupportedError',
      code: 'PROVIDER_NOT_CONFIGURED',
    })
    expect((await second.list()).nodes).toMatchObject([{ id: old?.id, status: 'UNKNOWN' }])
  })
})

describe('going from one version of the Census API to the other', () => {
  test('shows the connections of the other one as UNKNOWN', async () => {
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

describe('a link of an account that is not configured any more', () => {
  test('is not asked about, and ends an hour after its time', async () => {
    const first = await openGateway()
    const { sandbox, clock } = first
    const link = await first.createLink('FIVETRAN', 'hubspot')
    const elsewhere = await openSandbox({ clock })
    const env = accountAt(elsewhere.url.origin)
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
