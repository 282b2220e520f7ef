import { sql } from 'kysely'
import type { LinkFailure, TransitionSource } from '../domain/statuses.ts'
import { type AuditedLink, transitionEvent } from './audit-changes.ts'
import { insertAuditEvents } from './audit-events.ts'
import type { Database } from './database.ts'
import type { ConnectLinkRow, LinkTransitionRow } from './schema.ts'

/** Reads the row with FOR UPDATE: it cannot change until the transaction ends. */
export function lockLink(transaction: Database, id: string): Promise<ConnectLinkRow | undefined> {
  return transaction
    .selectFrom('connectLinks')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

export interface Transition extends Pick<LinkTransitionRow, 'toStatus' | 'at' | 'source' | 'reason'> {
  /** Set if the transition records a failed attempt. */
  readonly failure?: LinkFailure | undefined
}

/** The columns of an entry of a link's history, without its number. */
export const transitionColumns = (
  linkId: string,
  { failure, ...transition }: Transition & Pick<LinkTransitionRow, 'fromStatus'>,
) => ({
  linkId,
  ...transition,
  failureCode: failure?.code ?? null,
  failureMessage: failure?.message ?? null,
})

/** Inserts the next entry into the history of a link, and into the audit log. */
export async function insertTransition(
  transaction: Database,
  link: AuditedLink,
  { fromStatus, ...step }: Transition & Pick<LinkTransitionRow, 'fromStatus'>,
): Promise<void> {
  const number = sql<number>`(select coalesce(max(number), 0) + 1 from link_transitions where link_id = ${link.id})`
  await transaction
    .insertInto('linkTransitions')
    .values({ ...transitionColumns(link.id, { fromStatus, ...step }), number })
    .execute()
  await insertAuditEvents(transaction, [transitionEvent(link, { fromStatus, ...step })])
}

/** Sets the status of a locked link and inserts the transition into its history. */
export async function recordTransition(
  transaction: Database,
  link: ConnectLinkRow,
  transition: Transition,
  columns: Partial<Pick<ConnectLinkRow, 'connectionId' | 'nextCheckAt' | 'heldUntil'>> = {},
): Promise<void> {
  await transaction
    .updateTable('connectLinks')
    .set({
      ...columns,
      status: transition.toStatus,
      statusChangedAt: transition.at,
      openedAt: openedAt(link, transition),
    })
    .where('id', '=', link.id)
    .execute()
  await insertTransition(transaction, { ...link, ...columns }, { ...transition, fromStatus: link.status })
}

function openedAt(link: ConnectLinkRow, { toStatus, at, source, failure }: Transition): Date | null {
  if (link.openedAt !== null || (toStatus !== 'OPENED' && toStatus !== 'AUTHORIZING')) return link.openedAt
  // Giving up on one of the gateway's pages, or by the API, does not show that the provider's page was opened.
  const isByPerson = ['API_CALL', 'HOSTED_PAGE', 'COLLEAGUE'].includes(source)
  const isOpening = failure === undefined ? link.status !== toStatus : !isByPerson
  return isOpening ? at : null
}

/** The latest transition of a link. */
export const findLastTransition = (db: Database, linkId: string): Promise<LinkTransitionRow | undefined> =>
  latestFirst(db, linkId).executeTakeFirst()

/** The latest failed attempt of a link; with `sources`, the latest that one of them has reported. */
export const findLastFailure = (
  db: Database,
  linkId: string,
  sources?: readonly TransitionSource[],
): Promise<LinkTransitionRow | undefined> =>
  latestFirst(db, linkId)
    .where('failureCode', 'is not', null)
    .$if(sources !== undefined, (query) => query.where('source', 'in', sources ?? []))
    .executeTakeFirst()

const latestFirst = (db: Database, linkId: string) =>
  db.selectFrom('linkTransitions').selectAll().where('linkId', '=', linkId).orderBy('number', 'desc').limit(1)

/** The transitions of all links since that time, in order. */
export function findTransitionsSince(
  db: Database,
  since: Date,
): Promise<readonly Pick<LinkTransitionRow, 'linkId' | 'number'>[]> {
  return db
    .selectFrom('linkTransitions')
    .select(['linkId', 'number'])
    .where('at', '>=', since)
    .orderBy('at')
    .orderBy('number')
    .execute()
}

/** The transitions of these links, in order of their number. */
export async function findTransitions(
  db: Database,
  ids: readonly string[],
): Promise<readonly LinkTransitionRow[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('linkTransitions')
    .selectAll()
    .where('linkId', 'in', [...ids])
    .orderBy('number')
    .execute()
}
