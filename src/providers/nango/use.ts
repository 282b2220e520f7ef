import { type ConnectionUse, placeOf } from '../../domain/connection-use.ts'
import { apiUrl } from '../../http/http-types.ts'
import type { UsedConnection } from '../adapter.ts'
import { connectionIdOf } from './connection.ts'

/** SEEN in Nango's reference of its proxy: sends a request to the application with the credentials of the connection. */
export const useConnection = (baseUrl: URL, connection: UsedConnection): ConnectionUse => ({
  kind: 'PROXY',
  values: { connection_id: connectionIdOf(connection), provider_config_key: connection.connectorKey },
  docsUrl: 'https://nango.dev/docs/reference/backend/http-api/proxy',
  example: {
    method: 'GET',
    url: `${apiUrl(baseUrl, '/proxy/')}${placeOf('APPLICATION_PATH')}`,
    headers: {
      authorization: `Bearer ${placeOf('NANGO_SECRET_KEY')}`,
      'connection-id': connectionIdOf(connection),
      'provider-config-key': connection.connectorKey,
    },
    body: null,
  },
})
