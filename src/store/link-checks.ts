import { expressionBuilder, type SelectQueryBuilder, sql } from 'kysely'
import { openStatuses } from './connect-links.ts'
import type { Database } from './database.ts'
import { isUuid } from './keyset-pagination.ts'
import type { ConnectLinkRow, Schema } from './schema.ts'

/** Which links to ask the providers about, and until when the question holds if nobody hears of its end. */
export interface LockRequest {
  readonly accountKeys: readonly string[]
  readonly now: Date
  readonly lockExpiresAt: Date
  readonly limit: number
}

/** Links that a reader wants to see as they are now. */
export interface ReadLockRequest extends LockRequest {
  /** Those that were asked about later than that are fresh enough. */
  readonly checkedBefore: Date
  /** Only this one; a text that is no id finds nothing. */
  readonly linkId: string | null
  readonly endUserId: string | null
}

type Choice = SelectQueryBuilder<Schema, 'connectLinks', { id: string }>

/** Takes open links that have not been asked about lately, longest unasked first. */
export function lockLinksForRead(db: Database, claim: ReadLockRequest): Promise<readonly ConnectLinkRow[]> {
  const { linkId, endUserId, checkedBefore } = claim
  if (linkId !== null && !isUuid(linkId)) return Promise.resolve([])
  return lockLinks(db, claim, {}, (links) =>
    links
      .where('status', 'in', openStatuses)
      .$if(linkId !== null, (q) => q.where('id', '=', linkId ?? ''))
      .$if(endUserId !== null, (q) => q.where('endUserId', '=', endUserId ?? ''))
      .where((where) => where.or([where('checkedAt', 'is', null), where('checkedAt', '<', checkedBefore)]))
      .orderBy(sql`checked_at asc nulls first, created_at desc`),
  )
}

export interface PollLockRequest extends LockRequest {
  readonly instanceId: string
}

/** Takes links that are due, of those that no other living gateway looks after; from then on this one does. */
export function lockLinksForPoll(db: Database, claim: PollLockRequest): Promise<readonly ConnectLinkRow[]> {
  const { instanceId, now } = claim
  return lockLinks(db, claim, { leasedBy: instanceId }, (links) =>
    links
      .where('nextCheckAt', '<=', now)
      .where((where) =>
        where.or([
          where('leasedBy', 'is', null),
          where('leasedBy', '=', instanceId),
          where.not(where.exists(livingInstance(now))),
        ]),
      )
      .orderBy('nextCheckAt'),
  )
}

/** The one that looks after the link of the outer query, if it is still there. */
const livingInstance = (now: Date) =>
  expressionBuilder<Schema, 'connectLinks'>()
    .selectFrom('instances')
    .select('instances.id')
    .whereRef('instances.id', '=', 'connectLinks.leasedBy')
    .where('instances.leaseExpiresAt', '>', now)

/** Of all readers and pollers of all gateways only one asks about a link at a time. */
function lockLinks(
  db: Database,
  { accountKeys, now, lockExpiresAt, limit }: LockRequest,
  lease: Partial<Pick<ConnectLinkRow, 'leasedBy'>>,
  choose: (links: Choice) => Choice,
): Promise<readonly ConnectLinkRow[]> {
  return db
    .updateTable('connectLinks')
    .set({ checkedAt: now, checkLockExpiresAt: lockExpiresAt, ...lease })
    .where('id', 'in', (query) =>
      choose(
        query
          .selectFrom('connectLinks')
          .select('id')
          .where(sql<boolean>`account_key = any(${[...accountKeys]}::text[])`)
          .where((where) =>
            where.or([where('checkLockExpiresAt', 'is', null), where('checkLockExpiresAt', '<=', now)]),
          ),
      )
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute()
}

/** The question has been answered, or could not be; says when to ask again, unless the link has moved meanwhile or is done with. */
export async function recordChecked(
  db: Database,
  link: ConnectLinkRow,
  nextCheckAt: Date | null,
): Promise<void> {
  await db
    .updateTable('connectLinks')
    .set({
      checkLockExpiresAt: null,
      nextCheckAt: sql<Date | null>`case when next_check_at is not null and status_changed_at = ${link.statusChangedAt}::timestamptz then ${nextCheckAt}::timestamptz else next_check_at end`,
    })
    .where('id', '=', link.id)
    .execute()
}

/** Says that this gateway is there until then: its links are its own for so long. */
export async function renewLeases(db: Database, gateway: string, until: Date): Promise<void> {
  await db
    .insertInto('instances')
    .values({ id: gateway, leaseExpiresAt: until })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ leaseExpiresAt: until }))
    .execute()
}

/** Leaves a gateway's links to others at once; without a name, those of every gateway: nobody else can be there. */
export async function releaseLeases(db: Database, gateway: string | null): Promise<void> {
  await db
    .deleteFrom('instances')
    .$if(gateway !== null, (q) => q.where('id', '=', gateway ?? ''))
    .execute()
  if (gateway !== null) return
  await db
    .updateTable('connectLinks')
    .set({ checkLockExpiresAt: null })
    .where('checkLockExpiresAt', 'is not', null)
    .execute()
}

/** Gateways that have not been heard of since. */
export async function deleteStaleInstances(db: Database, before: Date): Promise<void> {
  await db.deleteFrom('instances').where('leaseExpiresAt', '<', before).execute()
}

/** Links still open whose end lies before that time, and whose provider has been asked in vain or cannot be asked. */
export function overdueLinks(
  db: Database,
  at: Pick<LockRequest, 'now' | 'accountKeys' | 'limit'> & { readonly before: Date },
): Promise<readonly ConnectLinkRow[]> {
  return db
    .selectFrom('connectLinks')
    .selectAll()
    .where('status', 'in', openStatuses)
    .where('expiresAt', '<', at.before)
    .where((where) =>
      where.or([where('checkLockExpiresAt', 'is', null), where('checkLockExpiresAt', '<=', at.now)]),
    )
    .where(sql<boolean>`(checked_at > expires_at or not account_key = any(${[...at.accountKeys]}::text[]))`)
    .limit(at.limit)
    .execute()
}
