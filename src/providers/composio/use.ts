import { type ConnectionUse, placeOf } from '../../domain/connection-use.ts'
import { apiUrl } from '../../http/http-types.ts'
import type { UsedConnection } from '../adapter.ts'

/** SEEN in the types of `@composio/client`: runs a tool of the toolkit with the account. */
export const useAccount = (baseUrl: URL, { remoteId, endUserId }: UsedConnection): ConnectionUse => ({
  kind: 'TOOL',
  values: { connected_account_id: remoteId, ...(endUserId !== null && { user_id: endUserId }) },
  docsUrl: 'https://docs.composio.dev/reference/api-reference/tools/postToolsExecuteByToolSlug',
  example: {
    method: 'POST',
    url: `${apiUrl(baseUrl, '/api/v3.1/tools/execute/')}${placeOf('TOOL_SLUG')}`,
    headers: { 'x-api-key': placeOf('COMPOSIO_API_KEY'), 'content-type': 'application/json' },
    body: {
      connected_account_id: remoteId,
      ...(endUserId !== null && { user_id: endUserId }),
      arguments: {},
    },
  },
})
