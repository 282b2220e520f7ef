import { type ConnectionUse, placeOf } from '../../domain/connection-use.ts'
import { apiUrl, path } from '../../http/http-types.ts'
import type { UsedConnection } from '../adapter.ts'

interface UseSettings {
  readonly baseUrl: URL
  readonly projectId: string
  readonly environment: string
}

/**
 * SEEN in the OpenAPI document: Pipedream sends a request to the application with the credentials of the account. Without the
 * end user's ID at Pipedream there is no such request.
 */
export function useAccount(
  { baseUrl, projectId, environment }: UseSettings,
  { remoteId, endUserId }: UsedConnection,
): ConnectionUse | null {
  if (endUserId === null) return null
  const query = new URLSearchParams({ external_user_id: endUserId, account_id: remoteId })
  return {
    kind: 'PROXY',
    values: { account_id: remoteId, external_user_id: endUserId, project_id: projectId, environment },
    docsUrl: 'https://pipedream.com/docs/connect/api-proxy',
    example: {
      method: 'GET',
      url: `${apiUrl(baseUrl, path`/v1/connect/${projectId}/proxy/`)}${placeOf('APPLICATION_URL_BASE64')}?${query}`,
      headers: {
        authorization: `Bearer ${placeOf('PIPEDREAM_ACCESS_TOKEN')}`,
        'x-pd-environment': environment,
      },
      body: null,
    },
  }
}
