import { beforeAll, expect, test } from 'vitest'
import { ConnectorsDocument } from '../../generated/graphql.ts'
import { testDatabase } from '../../helpers/database.ts'
import { submitProviderPage } from '../../helpers/gateway.ts'
import { openGateway } from '../gateway.ts'

beforeAll(() => testDatabase())

test('a connector whose row of the catalogue has always been unreadable takes links; an unknown one is not found', async () => {
  const gateway = await openGateway()
  const github = { name_slug: 'github', name: 7 }
  const body = { data: [{ name_slug: 'slack', name: 'Slack' }, github], page_info: {} }
  await gateway.control('POST', 'faults', { provider: 'pipedream', path: '/apps', times: 1000, body })
  const { connectors } = await gateway.send(ConnectorsDocument, { providers: ['PIPEDREAM'] })
  expect(connectors?.nodes?.map((node) => node?.key)).toEqual(['slack'])

  const link = await gateway.createLink('PIPEDREAM', 'github')
  await submitProviderPage(link.url, 'approve')
  gateway.clock.advance(60)
  await gateway.poll()
  expect(await gateway.readLink(link.id)).toMatchObject({ status: 'COMPLETED' })

  expect(await gateway.create('PIPEDREAM', { connector: 'nope', endUser: { id: 'user-1' } })).toMatchObject({
    __typename: 'NotFoundError',
  })
})
