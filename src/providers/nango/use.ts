import type { ConnectionUse } from '../../domain/connection-use.ts'
import { apiUrl } from '../../http/http-types.ts'
import type { UsedConnection } from '../adapter.ts'

/** SEEN in Nango's reference of its proxy: sends a request to the application with the credentials of the connection. */
export const useConnection = (baseUrl: URL, { remoteId, connectorKey }: UsedConnection): ConnectionUse => ({
  kind: 'PROXY',
  values: { connection_id: remoteId, provider_config_key: connectorKey },
  docsUrl: 'https://nango.dev/docs/reference/backend/http-api/proxy',
  example: {
    method: 'GET',
    url: `${apiUrl(baseUrl, '/proxy/')}{{APPLICATION_PATH}}`,
    headers: {
      authorization: 'Bearer {{NANGO_SECRET_KEY}}',
      'connection-id': remoteId,
      'provider-config-key': connectorKey,
    },
    body: null,
  },
})
