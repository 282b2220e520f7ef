import { sql } from 'kysely'
import { openStatuses } from './connect-links.ts'
import type { Database } from './database.ts'
import type { ConnectionRow, ConnectLinkRow } from './schema.ts'

/** What a link and the connections that can be made through it have in common. */
type Kind = Pick<ConnectLinkRow, 'accountKey' | 'connectorKey' | 'direction' | 'remoteGroup'>

/** CONNECT links without a connection through which one of that kind could be made. */
const linksOfKind = (db: Database, { accountKey, connectorKey, direction, remoteGroup }: Kind) =>
  db
    .selectFrom('connectLinks')
    .selectAll()
    .where('accountKey', '=', accountKey)
    .where('connectorKey', '=', connectorKey)
    .where('direction', '=', direction)
    .where('purpose', '=', 'CONNECT')
    .where('connectionId', 'is', null)
    .where(sql<boolean>`remote_group is not distinct from ${remoteGroup}`)

/** The other links of the same end user that have no connection and are open, or ended after `link` was created. */
export const findOwnCompetingLinks = (
  db: Database,
  link: ConnectLinkRow,
): Promise<readonly ConnectLinkRow[]> =>
  linksOfKind(db, link)
    .where('id', '<>', link.id)
    .where('endUserId', '=', link.endUserId)
    .where('status', '<>', 'COMPLETED')
    .where((where) =>
      where.or([
        where('status', 'in', openStatuses),
        where('nextCheckAt', 'is not', null),
        where('statusChangedAt', '>=', link.createdAt),
      ]),
    )
    .execute()

/**
 * The other links of the same end user at the account through whose pages a connection can have been made, of any connector
 * and purpose: end users can edit the address of a provider's page. Only those that were opened: others have no known page.
 */
export const findOwnOpenedLinks = (db: Database, link: ConnectLinkRow): Promise<readonly ConnectLinkRow[]> =>
  db
    .selectFrom('connectLinks')
    .selectAll()
    .where('id', '<>', link.id)
    .where('accountKey', '=', link.accountKey)
    .where('endUserId', '=', link.endUserId)
    .where('openedAt', 'is not', null)
    .where('status', '<>', 'COMPLETED')
    .where((where) => where.or([where('connectionId', 'is', null), where('purpose', '=', 'RECONNECT')]))
    .execute()

export interface OpenedLinkRow extends Pick<ConnectLinkRow, 'id' | 'endUserId' | 'returnedAt'> {
  /** When it was opened first; the creation of a link that returned without an opening that was seen. */
  readonly openedAt: Date
}

/** An attribution looks at this many links: more are not opened within one authorization. */
const maxOpenedLinks = 500

/**
 * The links of any end user, including `link`, that were opened or returned, have no connection and are open or ended
 * after `link` was created; the latest first.
 */
export const findOpenedLinks = (db: Database, link: ConnectLinkRow): Promise<readonly OpenedLinkRow[]> =>
  linksOfKind(db, link)
    .clearSelect()
    .select(['id', 'endUserId', 'returnedAt'])
    .select(
      sql<Date>`coalesce((
        select min(at) from link_transitions where link_id = connect_links.id and to_status = 'OPENED'
      ), created_at)`.as('openedAt'),
    )
    .where((where) => where.or([where('openedAt', 'is not', null), where('returnedAt', 'is not', null)]))
    .where((where) =>
      where.or([where('status', 'in', openStatuses), where('statusChangedAt', '>=', link.createdAt)]),
    )
    .orderBy(sql`coalesce(returned_at, opened_at)`, 'desc')
    .limit(maxOpenedLinks)
    .execute()

/**
 * The open link of the connection's end user that returned, has no connection and can have made this one; the latest
 * such link. `undefined`: there is none, or the connection is that of another link.
 */
export const findReturnedLink = (
  db: Database,
  connection: ConnectionRow,
): Promise<ConnectLinkRow | undefined> =>
  linksOfKind(db, connection)
    .where('status', 'in', openStatuses)
    .where('returnedAt', 'is not', null)
    .where('endUserId', '=', connection.endUserId)
    .where(sql<boolean>`organization_id is not distinct from ${connection.organizationId}`)
    .where(sql<boolean>`not exists (
      select from connect_links claiming
      where claiming.connection_id = ${connection.id}::uuid and claiming.purpose = 'CONNECT')`)
    .orderBy('returnedAt', 'desc')
    .limit(1)
    .executeTakeFirst()
