import { describe, expect, test } from 'vitest'
import { providerFixtures } from '../fixtures/providers.ts'
import {
  ConnectionsDocument,
  ConnectLinkDocument,
  ConnectorsDocument,
  CreateConnectLinkDocument,
} from '../generated/graphql.ts'
import { followReturnUrl, startTestGateway, submitProviderPage } from '../helpers/gateway.ts'
import { providersWith } from '../helpers/providers.ts'

describe('the flow from createConnectLink to a listed connection', () => {
  test.each(providersWith('successRedirect'))(
    '%s: the link is created, opened and approved, and its connection is listed',
    async (provider) => {
      const { connectorKey, connectorName } = providerFixtures[provider]
      const { send } = await startTestGateway()
      await send(ConnectorsDocument, { first: 1 }) // waits for the catalogue sync
      const { createConnectLink } = await send(CreateConnectLinkDocument, {
        provider,
        input: { connector: connectorKey, endUser: { id: 'user-1', name: 'Ada' } },
      })
      if (createConnectLink.__typename !== 'CreateConnectLinkPayload')
        throw new Error(JSON.stringify(createConnectLink))
      const { id, url } = createConnectLink.connectLink

      const { location } = await submitProviderPage(url ?? '', 'approve')
      await followReturnUrl(location)

      const { connectLink } = await send(ConnectLinkDocument, { id })
      expect(connectLink).toMatchObject({ status: 'COMPLETED', connection: { status: 'ACTIVE' } })
      const { connections } = await send(ConnectionsDocument, {})
      expect(connections?.nodes).toMatchObject([
        {
          connectorKey,
          endUser: { id: 'user-1' },
          provider: { key: provider },
          connector: { name: connectorName },
        },
      ])
    },
  )
})
