import { beforeAll, describe, expect, test } from 'vitest'
import { ConnectorsDocument } from '../../generated/graphql.ts'
import { testDatabase } from '../../helpers/database.ts'
import { submitProviderPage } from '../../helpers/gateway.ts'
import { changes, openGateway } from '../gateway.ts'

beforeAll(() => testDatabase())

const v1 = { env: { CENSUS_API_VERSION: '1' } }

describe('version 1 of the Census API', () => {
  test.each([
    ['DESTINATION', 'hubspot', 'POST /census/api/v1/destination_connect_links', 'HubSpot'],
    ['SOURCE', 'snowflake', 'POST /census/api/v1/source_connect_links', 'Snowflake - sandbox'],
  ] as const)(
    'creates links for a %s, from the mutation to the list',
    async (direction, type, request, name) => {
      const gateway = await openGateway(v1)
      const link = await gateway.createLink('CENSUS', type, {
        direction,
        endUser: { id: 'user-1', name: 'Ada' },
      })
      expect(link).toMatchObject({ direction, status: 'CREATED', expirySource: 'PROVIDER', connection: null })
      expect((await changes(gateway)).filter((call) => call.includes('/census/'))).toEqual([request])
      expect((await gateway.list()).nodes).toEqual([])

      await submitProviderPage(link.url, 'approve')
      gateway.clock.advance(3)

      expect(await gateway.readLink(link.id)).toMatchObject({
        status: 'COMPLETED',
        connection: { status: 'ACTIVE', health: { code: 'OK' } },
        history: [
          { to: 'CREATED' },
          { to: 'OPENED', source: 'HOSTED_PAGE' },
          { to: 'COMPLETED', source: 'PROVIDER_POLL' },
        ],
      })
      const connection = { direction, connectorKey: type, name, endUser: { id: 'user-1' }, status: 'ACTIVE' }
      expect((await gateway.list()).nodes).toMatchObject([connection])
      expect((await gateway.list()).nodes).toMatchObject([connection])
    },
  )

  test('distinguishes a source and a destination with the same id, and removes the right one', async () => {
    const gateway = await openGateway(v1)
    const source = await gateway.makeConnection('CENSUS', 'google_sheets', { direction: 'SOURCE' })
    const destination = await gateway.makeConnection('CENSUS', 'google_sheets', { direction: 'DESTINATION' })
    const { nodes } = await gateway.list()
    expect(new Set(nodes.map(({ remoteId }) => remoteId)).size).toBe(1)
    const [fromSource, fromDestination] = [
      await gateway.readLink(source.id),
      await gateway.readLink(destination.id),
    ]
    expect([fromSource.status, fromDestination.status]).toEqual(['COMPLETED', 'COMPLETED'])
    expect(fromSource.connection?.id).not.toBe(fromDestination.connection?.id)

    const removed = await gateway.disconnect(fromSource.connection?.id ?? '')

    expect(removed).toMatchObject({ removedAtProvider: true, connection: { status: 'DISCONNECTED' } })
    expect((await gateway.list({ statuses: ['ACTIVE'] })).nodes).toMatchObject([{ direction: 'DESTINATION' }])
    expect((await gateway.list({ statuses: ['DISCONNECTED'] })).nodes).toMatchObject([
      { direction: 'SOURCE' },
    ])
  })

  test('requires a direction for a connector that offers two, and sends nothing to Census without it', async () => {
    const gateway = await openGateway(v1)

    const result = await gateway.create('CENSUS', { connector: 'google_sheets', endUser: { id: 'user-1' } })

    expect(result).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ path: ['input', 'direction'], message: expect.stringContaining('DESTINATION or SOURCE') }],
    })
    expect((await changes(gateway)).filter((call) => call.includes('/census/'))).toEqual([])
  })

  test('requires no direction for a connector that offers one', async () => {
    const gateway = await openGateway(v1)
    expect(await gateway.createLink('CENSUS', 'hubspot')).toMatchObject({ direction: 'DESTINATION' })
    expect(await gateway.createLink('CENSUS', 'click_house')).toMatchObject({ direction: 'SOURCE' })
  })

  test('rejects a direction that the connector does not offer', async () => {
    const gateway = await openGateway(v1)
    await gateway.connect.connectorSyncs.ensureFresh(60_000)
    expect(
      await gateway.create('CENSUS', {
        connector: 'hubspot',
        direction: 'SOURCE',
        endUser: { id: 'user-1' },
      }),
    ).toMatchObject({ __typename: 'InvalidInputError', issues: [{ path: ['input', 'direction'] }] })
    expect(
      await gateway.create('CENSUS', { connector: 'hubspot', direction: 'TOOL', endUser: { id: 'user-1' } }),
    ).toMatchObject({ __typename: 'UnsupportedError', code: 'UNSUPPORTED' })
  })

  test('lists a connector of both directions once in the catalogue', async () => {
    const { send } = await openGateway(v1)
    const { connectors } = await send(ConnectorsDocument, { search: 'google_sheets', providers: ['CENSUS'] })
    expect(connectors?.nodes).toMatchObject([{ key: 'google_sheets', directions: ['DESTINATION', 'SOURCE'] }])
  })
})

describe('version 2 of the Census API', () => {
  test('rejects a link for a source as UNSUPPORTED and sends nothing to Census', async () => {
    const gateway = await openGateway()
    const input = { connector: 'snowflake', direction: 'SOURCE', endUser: { id: 'user-1' } } as const
    expect(await gateway.create('CENSUS', input)).toMatchObject({
      __typename: 'UnsupportedError',
      code: 'UNSUPPORTED',
    })
    expect((await changes(gateway)).filter((call) => call.includes('/census/'))).toEqual([])
  })
})
