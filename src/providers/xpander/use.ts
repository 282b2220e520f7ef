import { type ConnectionUse, placeOf } from '../../domain/connection-use.ts'
import { apiUrl, path } from '../../http/http-types.ts'
import type { UsedConnection } from '../adapter.ts'

/**
 * SEEN in the reference of the tools API, "Invoke Connector Operation". The older connectors API documents no such call:
 * INFERRED that its connections can be used with this one, since both list the same.
 */
export const useTool = (baseUrl: URL, { connectorKey, remoteId }: UsedConnection): ConnectionUse => ({
  kind: 'TOOL',
  values: { connector_id: connectorKey, connection_id: remoteId },
  docsUrl: 'https://docs.xpander.ai/api-reference/v1/tools/invoke-connector-operation',
  example: {
    method: 'POST',
    url: `${apiUrl(baseUrl, path`/v1/tools/connectors/${connectorKey}/connections/${remoteId}`)}/${placeOf('OPERATION_ID')}`,
    headers: { 'x-api-key': placeOf('XPANDER_API_KEY'), 'content-type': 'application/json' },
    body: {},
  },
})
