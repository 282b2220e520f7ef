import { ProviderError } from '../../domain/provider-error.ts'
import { path, type RequestContext } from '../../http/http-types.ts'
import type { RemoteConnection, RemoteConnector } from '../adapter.ts'
import { mapRows, type Page } from '../rows.ts'
import { connectionPageResponse, type FivetranDeps } from './api.ts'
import { type ConnectionResponse, toConnection } from './connection.ts'
import { connectorPageResponse, toConnector } from './connector.ts'

const pageSize = 1000

type ListDeps = Pick<FivetranDeps, 'http' | 'paginate'>

/** Lists the connections of the configured group, which has to exist. */
export const listOwnGroup = (deps: ListDeps, group: string, call: RequestContext) =>
  listGroup(deps, { group, isOwn: true }, call)

/**
 * Lists the connections of a group that a link used. The group may have been deleted. If it cannot be read, the last page
 * has a skipped row that stands for the connections that were not read: the sync of other groups is not affected.
 */
export async function* listOtherGroup(
  deps: ListDeps,
  group: string,
  call: RequestContext,
): AsyncGenerator<Page<RemoteConnection>> {
  try {
    yield* listGroup(deps, { group, isOwn: false }, call)
  } catch (error) {
    // The HTTP client has logged it.
    if (!(error instanceof ProviderError)) throw error
    yield { items: [], skipped: [{ id: null, group, problems: [error.code] }] }
  }
}

async function* listGroup(
  { http, paginate }: ListDeps,
  { group, isOwn }: { readonly group: string; readonly isOwn: boolean },
  call: RequestContext,
): AsyncGenerator<Page<RemoteConnection>> {
  const purpose = 'list connections'
  const pages = paginate<ConnectionResponse, string>({ kind: 'SYNC', purpose }, async (cursor) => {
    const response = await http.find(
      {
        method: 'GET',
        path: path`/v1/groups/${group}/connections`,
        query: { limit: pageSize, cursor },
        responseSchema: connectionPageResponse,
        purpose,
        isNotFound: () => true,
        ...(isOwn ? {} : { optional: true }),
      },
      call,
    )
    if (response) return { ...response.data.items, next: response.data.next_cursor }
    if (isOwn) throw ownGroupMissing()
    return { items: [], skipped: [], ids: [], next: null }
  })
  for await (const { items, skipped } of pages) {
    yield {
      // A row with an unreadable group belongs to the requested one.
      items: items.map((item) => toConnection({ ...item, group_id: item.group_id ?? group })),
      skipped: skipped.map((row) => ({ ...row, group })),
    }
  }
}

const ownGroupMissing = () =>
  new ProviderError('FIVETRAN', 'PROVIDER_REJECTED', 'Fivetran has no such group: see FIVETRAN_GROUP_ID.', {
    providerErrorCode: 'NotFound_Group',
  })

export function listConnectors({ http, paginate }: ListDeps, call: RequestContext) {
  const purpose = 'list connectors'
  return paginate<RemoteConnector, string>({ kind: 'SYNC', purpose }, async (cursor) => {
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
    return { ...mapRows(data.items, toConnector), next: data.next_cursor }
  })
}
