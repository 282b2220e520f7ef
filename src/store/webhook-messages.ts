import { sql } from 'kysely'
import type { MessageState } from '../domain/webhook-events.ts'
import { countAtMost } from './count-at-most.ts'
import type { Database } from './database.ts'
import { deleteInBatches } from './delete-in-batches.ts'
import { isUuid, type Page, type PageRequest } from './keyset-pagination.ts'
import { pageNewestFirst } from './newest-first.ts'
import type { WebhookMessageRow } from './schema.ts'

/** Queues an event that is no change of a row, for each enabled endpoint that has subscribed to its type. */
export async function queueWebhook(
  db: Database,
  event: Pick<WebhookMessageRow, 'type' | 'subject' | 'data' | 'createdAt'>,
): Promise<void> {
  const data = JSON.stringify(event.data)
  await sql`
    select queue_webhook(${event.type}, ${event.subject}, null, ${event.createdAt}::timestamptz, ${data}::jsonb)`.execute(
    db,
  )
}

export const insertMessage = (
  db: Database,
  message: Pick<WebhookMessageRow, 'endpointId' | 'type' | 'subject' | 'createdAt'>,
): Promise<WebhookMessageRow> =>
  db
    .insertInto('webhookMessages')
    .values({ ...message, data: '{}', nextAttemptAt: message.createdAt })
    .returningAll()
    .executeTakeFirstOrThrow()

/** How many messages are under way to an endpoint. */
export interface EndpointLoad {
  readonly id: string
  readonly count: number
}

/**
 * Claims due messages to enabled endpoints, with SKIP LOCKED: each is due again at `until`, unless its attempt is recorded
 * before. A message waits for earlier ones about the same subject to the same endpoint. Each endpoint has places of its own,
 * fewer while it fails, so that one that does not answer takes none from others.
 */
export async function claimMessages(
  db: Database,
  claim: {
    readonly now: Date
    readonly until: Date
    readonly places: number
    readonly placesWhileFailing: number
    readonly underWay: readonly EndpointLoad[]
  },
): Promise<readonly WebhookMessageRow[]> {
  const ids = claim.underWay.map(({ id }) => id)
  const counts = claim.underWay.map(({ count }) => count)
  const rows = await db
    .updateTable('webhookMessages')
    .set({ nextAttemptAt: claim.until, attempts: sql<number>`attempts + 1`, lastAttemptAt: claim.now })
    .where(
      sql<boolean>`id = any(array(
        select message.id
        from webhook_endpoints endpoint
        left join unnest(${ids}::uuid[], ${counts}::int[]) as load (id, count) on load.id = endpoint.id,
        lateral (
          select m.id from webhook_messages m
          where m.endpoint_id = endpoint.id and m.state = 'PENDING' and m.next_attempt_at <= ${claim.now}::timestamptz
            and not exists (
              select from webhook_messages earlier
              where earlier.endpoint_id = m.endpoint_id and earlier.subject = m.subject
                and earlier.state = 'PENDING' and earlier.sequence < m.sequence)
          order by m.next_attempt_at, m.sequence
          limit greatest(0, coalesce(-load.count, 0) +
            case when endpoint.failing_since is null then ${claim.places}::int else ${claim.placesWhileFailing}::int end)
          for update skip locked
        ) message
        where endpoint.disabled_at is null))`,
    )
    .returningAll()
    .execute()
  return rows.toSorted((a, b) => Number(a.sequence) - Number(b.sequence))
}

export interface Attempt {
  readonly state: MessageState
  /** `null` unless PENDING. */
  readonly nextAttemptAt: Date | null
  readonly status: number | null
  readonly error: string | null
  readonly durationMs: number
}

/** Records the result of an attempt; not if the message was claimed or queued again in the meantime. */
export async function recordAttempt(
  db: Database,
  { id, attempts, lastAttemptAt }: Pick<WebhookMessageRow, 'id' | 'attempts' | 'lastAttemptAt'>,
  { state, nextAttemptAt, status, error, durationMs }: Attempt,
): Promise<void> {
  await db
    .updateTable('webhookMessages')
    .set({ state, nextAttemptAt, lastStatus: status, lastError: error, lastDurationMs: durationMs })
    .where('id', '=', id)
    .where('attempts', '=', attempts)
    .where('lastAttemptAt', '=', lastAttemptAt)
    .execute()
}

export async function findMessages(
  db: Database,
  ids: readonly string[],
): Promise<readonly WebhookMessageRow[]> {
  const uuids = ids.filter(isUuid)
  return uuids.length === 0
    ? []
    : db.selectFrom('webhookMessages').selectAll().where('id', 'in', uuids).execute()
}

export interface MessageFilter {
  readonly endpointId: string
  /** `null`: all. */
  readonly states: readonly MessageState[] | null
}

const matching = (db: Database, { endpointId, states }: MessageFilter) =>
  db
    .selectFrom('webhookMessages')
    .where('endpointId', '=', endpointId)
    .$if(states !== null, (query) => query.where('state', 'in', [...(states ?? [])]))

/** Returns `null` above `maxCount`. */
export const countMessages = (db: Database, filter: MessageFilter): Promise<number | null> =>
  countAtMost(db, matching(db, filter).select('id'))

/** Newest first. */
export const listMessages = (
  db: Database,
  filter: MessageFilter,
  page: PageRequest,
): Promise<Page<WebhookMessageRow>> => pageNewestFirst(matching(db, filter).selectAll(), page)

/**
 * Makes messages due now, as if they had never been sent: one, or all that were created since a time. Returns how many;
 * those that are pending already keep their place, and are due at once.
 */
export async function redeliver(
  db: Database,
  {
    endpointId,
    at,
    ...which
  }: { readonly endpointId: string; readonly at: Date } & (
    | { readonly id: string }
    | { readonly since: Date }
  ),
): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('webhookMessages')
    .set({ state: 'PENDING', attempts: 0, nextAttemptAt: at, lastAttemptAt: null })
    .where('endpointId', '=', endpointId)
    .where(({ eb }) => ('id' in which ? eb('id', '=', which.id) : eb('createdAt', '>=', which.since)))
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/** Messages that were created before that time, delivered or not. */
export const deleteMessages = (db: Database, before: Date): Promise<void> =>
  deleteInBatches(db, 'webhook_messages', sql<boolean>`created_at < ${before}::timestamptz`)

/** Removes an end user from the messages; those that are pending are still delivered, without the ID. */
export async function eraseEndUserFromMessages(db: Database, endUserId: string): Promise<void> {
  await db
    .updateTable('webhookMessages')
    .set({ endUserId: null, data: sql<string>`data || '{"end_user": null}'` })
    .where('endUserId', '=', endUserId)
    .execute()
}
