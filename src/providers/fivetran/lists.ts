import { ProviderError } from '../../domain/provider-error.ts'
import { path, type RequestContext } from '../../http/http-types.ts'
import type { RemoteConnection, RemoteConnector } from '../adapter.ts'
import { mapPage } from '../rows.ts'
import { connectionPageResponse, type FivetranDeps } from './api.ts'
import { toConnection } from './connection.ts'
import { connectorPageResponse, toConnector } from './connector.ts'

const pageSize = 1000

type ListDeps = Pick<FivetranDeps, 'http' | 'paginate'>

/** Lists the connections of a group. A missing group is an error unless `mayBeGone` is set. */
export function listGroup(
  { http, paginate }: ListDeps,
  group: string,
  call: RequestContext,
  { mayBeGone = false } = {},
) {
  const purpose = 'list connections'
  return paginate<RemoteConnection, string>(purpose, async (cursor) => {
    const response = await http.find(
      {
        method: 'GET',
        path: path`/v1/groups/${group}/connections`,
        query: { limit: pageSize, cursor },
        responseSchema: connectionPageResponse,
        purpose,
        isNotFound: () => true,
      },
      call,
    )
    if (response) {
      const { items, next_cursor: next } = response.data
      const skipped = items.skipped.map((row) => ({ ...row, group }))
      return { items: items.items.map(toConnection), skipped, next }
    }
    if (mayBeGone) return { items: [], skipped: [], next: null }
    throw new ProviderError(
      'FIVETRAN',
      'PROVIDER_REJECTED',
      'Fivetran has no such group: see FIVETRAN_GROUP_ID.',
      {
        providerErrorCode: 'NotFound_Group',
      },
    )
  })
}

export function listConnectors({ http, paginate }: ListDeps, call: RequestContext) {
  const purpose = 'list connectors'
  return paginate<RemoteConnector, string>(purpose, async (cursor) => {
    const { data } = await http.send(
      {
        method: 'GET',
        path: '/v1/metadata/connector-types',
        query: { limit: pageSize, cursor },
        responseSchema: connectorPageResponse,
        purpose,
      },
      call,
    )
    return { ...mapPage(data.items, toConnector), next: data.next_cursor }
  })
}
