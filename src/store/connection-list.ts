import { type SelectQueryBuilder, sql } from 'kysely'
import type { ProviderKey } from '../provider-key.ts'
import type { ConnectionStatus } from '../providers/provider.ts'
import type { Database } from './database.ts'
import { isUuid, newestFirst, type Page, type PageRequest } from './keyset.ts'
import type { ConnectionRow, Schema, Tag } from './schema.ts'

export interface ConnectionFilter {
  readonly providers?: readonly ProviderKey[] | null | undefined
  readonly statuses?: readonly ConnectionStatus[] | null | undefined
  readonly endUserId?: string | null | undefined
  readonly connectorKey?: string | null | undefined
  readonly tag?: Tag | null | undefined
}

/** Rows of a scope that is no longer configured are served with status UNKNOWN: nobody can look after them. */
const status = (scopes: readonly string[]) =>
  sql<ConnectionStatus>`case when scope = any(${[...scopes]}::text[]) then status else 'UNKNOWN' end`

export async function findConnections(
  db: Database,
  scopes: readonly string[],
  ids: readonly string[],
): Promise<readonly ConnectionRow[]> {
  const wanted = ids.filter(isUuid)
  if (wanted.length === 0) return []
  return db
    .selectFrom('connections')
    .selectAll()
    .select(status(scopes).as('status'))
    .where('id', 'in', wanted)
    .where('listed', '=', true)
    .execute()
}

export function listConnections(
  db: Database,
  scopes: readonly string[],
  { filter, page }: { readonly filter: ConnectionFilter; readonly page: PageRequest },
): Promise<Page<ConnectionRow>> {
  const query = db.selectFrom('connections').selectAll().select(status(scopes).as('status'))
  return newestFirst(filtered(query, scopes, filter), page)
}

export async function countConnections(
  db: Database,
  scopes: readonly string[],
  filter: ConnectionFilter,
): Promise<number> {
  const query = db.selectFrom('connections').select(sql<number>`count(*)::int`.as('count'))
  return (await filtered(query, scopes, filter).executeTakeFirstOrThrow()).count
}

/** Ids of the connections whose records have changed since. */
export async function connectionsChangedSince(db: Database, since: Date): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('connections')
    .select('id')
    .where('listed', '=', true)
    .where('updated_at', '>=', since)
    .execute()
  return rows.map(({ id }) => id)
}

function filtered<Row>(
  query: SelectQueryBuilder<Schema, 'connections', Row>,
  scopes: readonly string[],
  { providers, statuses, endUserId, connectorKey, tag }: ConnectionFilter,
) {
  return query
    .where('listed', '=', true)
    .$if(providers != null, (q) => q.where(sql<boolean>`provider = any(${[...(providers ?? [])]}::text[])`))
    .$if(statuses != null, (q) =>
      q.where(sql<boolean>`${status(scopes)} = any(${[...(statuses ?? [])]}::text[])`),
    )
    .$if(endUserId != null, (q) => q.where('end_user_id', '=', endUserId ?? ''))
    .$if(connectorKey != null, (q) => q.where('connector_key', '=', connectorKey ?? ''))
    .$if(tag != null, (q) => q.where(sql<boolean>`tags @> ${JSON.stringify([tag])}::jsonb`))
}
