import { describe, expect, test } from 'vitest'
import {
  ConnectionsDocument,
  ConnectLinkDocument,
  ConnectorsDocument,
  CreateConnectLinkDocument,
} from '../generated/graphql.ts'
import { comeBack, decide, startTestGateway } from '../helpers/gateway.ts'

describe('from the mutation to a listed connection', () => {
  test.each([
    ['FIVETRAN', 'hubspot', 'HubSpot'],
    ['CENSUS', 'hubspot', 'HubSpot'],
    ['PIPEDREAM', 'github', 'GitHub'],
  ] as const)(
    '%s: a link is made, opened, approved, and its connection is listed',
    async (provider, connector, name) => {
      const { send } = await startTestGateway()
      await send(ConnectorsDocument, { first: 1 }) // the catalogue is there
      const { createConnectLink } = await send(CreateConnectLinkDocument, {
        provider,
        input: { connector, endUser: { id: 'user-1', name: 'Ada' } },
      })
      if (createConnectLink.__typename !== 'CreateConnectLinkPayload')
        throw new Error(JSON.stringify(createConnectLink))
      const { id, url } = createConnectLink.connectLink

      const { location } = await decide(url ?? '', 'approve')
      await comeBack(location)

      const { connectLink } = await send(ConnectLinkDocument, { id })
      expect(connectLink).toMatchObject({ status: 'COMPLETED', connection: { status: 'ACTIVE' } })
      const { connections } = await send(ConnectionsDocument, {})
      expect(connections?.nodes).toMatchObject([
        {
          connectorKey: connector,
          endUser: { id: 'user-1' },
          provider: { key: provider },
          connector: { name },
        },
      ])
    },
  )
})
