import { expressionBuilder, type SelectQueryBuilder, sql } from 'kysely'
import { openStatuses } from './connect-links.ts'
import type { Database } from './database.ts'
import { isUuid } from './keyset-pagination.ts'
import type { ConnectLinkRow, Schema } from './schema.ts'

/** Which links to ask the providers about, and until when the question holds if nobody hears of its end. */
export interface Claim {
  readonly scopes: readonly string[]
  readonly now: Date
  readonly busyUntil: Date
  readonly limit: number
}

/** Links that a reader wants to see as they are now. */
export interface ReadersClaim extends Claim {
  /** Those that were asked about later than that are fresh enough. */
  readonly notSince: Date
  /** Only this one; a text that is no id finds nothing. */
  readonly linkId: string | null
  readonly endUserId: string | null
}

type Choice = SelectQueryBuilder<Schema, 'connect_links', { id: string }>

/** Takes open links that have not been asked about lately, longest unasked first. */
export function takeLinksToRead(db: Database, claim: ReadersClaim): Promise<readonly ConnectLinkRow[]> {
  const { linkId, endUserId, notSince } = claim
  if (linkId !== null && !isUuid(linkId)) return Promise.resolve([])
  return take(db, claim, {}, (links) =>
    links
      .where('status', 'in', openStatuses)
      .$if(linkId !== null, (q) => q.where('id', '=', linkId ?? ''))
      .$if(endUserId !== null, (q) => q.where('end_user_id', '=', endUserId ?? ''))
      .where((where) => where.or([where('checked_at', 'is', null), where('checked_at', '<', notSince)]))
      .orderBy(sql`checked_at asc nulls first, created_at desc`),
  )
}

export interface PollersClaim extends Claim {
  readonly gateway: string
}

/** Takes links that are due, of those that no other living gateway looks after; from then on this one does. */
export function takeLinksToPoll(db: Database, claim: PollersClaim): Promise<readonly ConnectLinkRow[]> {
  const { gateway, now } = claim
  return take(db, claim, { leased_by: gateway }, (links) =>
    links
      .where('next_check_at', '<=', now)
      .where((where) =>
        where.or([
          where('leased_by', 'is', null),
          where('leased_by', '=', gateway),
          where.not(where.exists(livingGateway(now))),
        ]),
      )
      .orderBy('next_check_at'),
  )
}

/** The one that looks after the link of the outer query, if it is still there. */
const livingGateway = (now: Date) =>
  expressionBuilder<Schema, 'connect_links'>()
    .selectFrom('gateways')
    .select('gateways.id')
    .whereRef('gateways.id', '=', 'connect_links.leased_by')
    .where('gateways.alive_until', '>', now)

/** Of all readers and pollers of all gateways only one asks about a link at a time. */
function take(
  db: Database,
  { scopes, now, busyUntil, limit }: Claim,
  lease: Partial<Pick<ConnectLinkRow, 'leased_by'>>,
  choose: (links: Choice) => Choice,
): Promise<readonly ConnectLinkRow[]> {
  return db
    .updateTable('connect_links')
    .set({ checked_at: now, busy_until: busyUntil, ...lease })
    .where('id', 'in', (query) =>
      choose(
        query
          .selectFrom('connect_links')
          .select('id')
          .where(sql<boolean>`scope = any(${[...scopes]}::text[])`)
          .where((where) => where.or([where('busy_until', 'is', null), where('busy_until', '<=', now)])),
      )
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute()
}

/** The question has been answered, or could not be; says when to ask again, unless the link has moved meanwhile or is done with. */
export async function noteChecked(
  db: Database,
  link: ConnectLinkRow,
  nextCheckAt: Date | null,
): Promise<void> {
  await db
    .updateTable('connect_links')
    .set({
      busy_until: null,
      next_check_at: sql<Date | null>`case when next_check_at is not null and moved_at = ${link.moved_at}::timestamptz then ${nextCheckAt}::timestamptz else next_check_at end`,
    })
    .where('id', '=', link.id)
    .execute()
}

/** Says that this gateway is there until then: its links are its own for so long. */
export async function renewLeases(db: Database, gateway: string, until: Date): Promise<void> {
  await db
    .insertInto('gateways')
    .values({ id: gateway, alive_until: until })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ alive_until: until }))
    .execute()
}

/** Leaves a gateway's links to others at once; without a name, those of every gateway: nobody else can be there. */
export async function releaseLeases(db: Database, gateway: string | null): Promise<void> {
  await db
    .deleteFrom('gateways')
    .$if(gateway !== null, (q) => q.where('id', '=', gateway ?? ''))
    .execute()
  if (gateway !== null) return
  await db
    .updateTable('connect_links')
    .set({ busy_until: null })
    .where('busy_until', 'is not', null)
    .execute()
}

/** Gateways that have not been heard of since. */
export async function forgetGateways(db: Database, before: Date): Promise<void> {
  await db.deleteFrom('gateways').where('alive_until', '<', before).execute()
}

/** Links still open whose end lies before that time, and whose provider has been asked in vain or cannot be asked. */
export function overdueLinks(
  db: Database,
  at: Pick<Claim, 'now' | 'scopes' | 'limit'> & { readonly before: Date },
): Promise<readonly ConnectLinkRow[]> {
  return db
    .selectFrom('connect_links')
    .selectAll()
    .where('status', 'in', openStatuses)
    .where('expires_at', '<', at.before)
    .where((where) => where.or([where('busy_until', 'is', null), where('busy_until', '<=', at.now)]))
    .where(sql<boolean>`(checked_at > expires_at or not scope = any(${[...at.scopes]}::text[]))`)
    .limit(at.limit)
    .execute()
}
