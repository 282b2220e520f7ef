import { randomUUID } from 'node:crypto'
import type { RemoteConnection } from '../../src/providers/adapter.ts'
import { insertLink } from '../../src/store/connect-links.ts'
import type { Database } from '../../src/store/database.ts'
import type { ConnectionRow, ConnectLinkRow } from '../../src/store/schema.ts'
import { saveConnections } from '../../src/store/upsert-connections.ts'

export const scope = 'FIVETRAN|sandbox|v1|sandbox_group'
export const startedAt = new Date('2026-11-22T08:00:00.000Z')
export const later = (seconds: number) => new Date(startedAt.getTime() + seconds * 1000)
export const origin = (now = startedAt) => ({ provider: 'FIVETRAN', scope, now }) as const
export const ada = { id: 'user-1', name: 'Ada', email: 'ada@example.com' }

/** A connection as a provider shows it. */
export const remote = (changes: Partial<RemoteConnection> = {}): RemoteConnection => ({
  remoteId: 'remote-1',
  direction: 'SOURCE',
  connectorKey: 'hubspot',
  name: 'HubSpot',
  status: 'ACTIVE',
  health: 'OK',
  healthMessage: null,
  remoteGroup: null,
  endUserId: null,
  externalAccount: null,
  createdAt: startedAt,
  ...changes,
})

/** Saves one connection and answers its row. */
export async function saveOne(
  db: Database,
  changes: Partial<RemoteConnection> = {},
  from: Parameters<typeof saveConnections>[1] = origin(),
): Promise<ConnectionRow> {
  const [row] = await saveConnections(db, from, [remote(changes)])
  if (row === undefined) throw new Error('nothing was saved')
  return row
}

/** An open link with its first history row. */
export async function addLink(db: Database, changes: Partial<ConnectLinkRow> = {}): Promise<ConnectLinkRow> {
  const link: ConnectLinkRow = {
    id: randomUUID(),
    provider: 'FIVETRAN',
    scope,
    connector_key: 'hubspot',
    direction: 'SOURCE',
    purpose: 'CONNECT',
    status: 'CREATED',
    token_hash: randomUUID(),
    token_sealed: null,
    provider_url_sealed: null,
    expires_at: null,
    expiry_source: 'NONE',
    embeddable: false,
    requires_provider_login: false,
    instructions: null,
    end_user_id: ada.id,
    end_user_name: null,
    end_user_email: null,
    remote_link_id: null,
    remote_group: null,
    remote_connection_id: null,
    memo: null,
    connection_id: null,
    tags: [],
    created_at: startedAt,
    return_token_hash: null,
    webhook_token_hash: null,
    redirect_sealed: null,
    error_redirect_sealed: null,
    opened_at: null,
    moved_at: startedAt,
    revoked_at_provider: null,
    watch_until: null,
    checked_at: null,
    next_check_at: startedAt,
    busy_until: null,
    leased_by: null,
    ...changes,
  }
  const born = { from_status: null, to_status: link.status, at: startedAt, source: 'API_CALL', reason: null }
  await insertLink(db, link, { ...born, source: 'API_CALL' })
  return link
}

/** That many open links; answers their ids. */
export async function addLinks(db: Database, count: number): Promise<readonly string[]> {
  const ids: string[] = []
  while (ids.length < count) ids.push((await addLink(db)).id)
  return ids
}
