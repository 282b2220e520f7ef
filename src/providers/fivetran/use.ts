import { type ConnectionUse, placeOf } from '../../domain/connection-use.ts'
import { apiUrl, path } from '../../http/http-types.ts'

/** SEEN in the OpenAPI document: starts a sync of the connection. */
export const useConnection = (baseUrl: URL, remoteId: string): ConnectionUse => ({
  kind: 'SYNC',
  values: { connection_id: remoteId },
  docsUrl: 'https://fivetran.com/docs/rest-api/api-reference/connections/sync-connection',
  example: {
    method: 'POST',
    url: apiUrl(baseUrl, path`/v1/connections/${remoteId}/sync`),
    headers: {
      // Base64 of the API key, a colon and the API secret.
      authorization: `Basic ${placeOf('FIVETRAN_API_CREDENTIALS')}`,
      accept: 'application/json;version=2',
      'content-type': 'application/json',
    },
    body: { force: false },
  },
})
