import { sql } from 'kysely'
import { openStatuses } from './connect-links.ts'
import type { Database } from './database.ts'
import type { ConnectLinkRow } from './schema.ts'

/** CONNECT links through which a connection of the same kind as that of `link` could be made. */
const similarLinks = (db: Database, link: ConnectLinkRow) =>
  db
    .selectFrom('connectLinks')
    .selectAll()
    .where('accountKey', '=', link.accountKey)
    .where('connectorKey', '=', link.connectorKey)
    .where('direction', '=', link.direction)
    .where('purpose', '=', 'CONNECT')
    .where('connectionId', 'is', null)
    .where(sql<boolean>`remote_group is not distinct from ${link.remoteGroup}`)
    .where('id', '<>', link.id)

/** The other links of the same end user that have no connection and are open, or ended after `link` was created. */
export const findOwnCompetingLinks = (
  db: Database,
  link: ConnectLinkRow,
): Promise<readonly ConnectLinkRow[]> =>
  similarLinks(db, link)
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

/** The other links, of any end user, whose browser returned between the two times and that have no connection. */
export const findReturnedLinks = (
  db: Database,
  link: ConnectLinkRow,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<readonly ConnectLinkRow[]> =>
  similarLinks(db, link).where('returnedAt', '>=', from).where('returnedAt', '<=', to).execute()
