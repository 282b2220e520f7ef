import { type Insertable, sql, type Updateable } from 'kysely'
import type { DisabledReason } from '../domain/webhook-events.ts'
import type { Database } from './database.ts'
import { isUuid } from './keyset-pagination.ts'
import type { WebhookEndpointRow, WebhookEndpointsTable } from './schema.ts'

export const insertEndpoint = (
  db: Database,
  endpoint: Insertable<WebhookEndpointsTable>,
): Promise<WebhookEndpointRow> =>
  db.insertInto('webhookEndpoints').values(endpoint).returningAll().executeTakeFirstOrThrow()

/** Does nothing if there is one with that ID. */
export async function insertEndpointIfAbsent(
  db: Database,
  endpoint: Insertable<WebhookEndpointsTable>,
): Promise<void> {
  await db
    .insertInto('webhookEndpoints')
    .values(endpoint)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}

export const updateEndpoint = (
  db: Database,
  id: string,
  columns: Updateable<WebhookEndpointsTable>,
): Promise<WebhookEndpointRow | undefined> =>
  db.updateTable('webhookEndpoints').set(columns).where('id', '=', id).returningAll().executeTakeFirst()

/** With its messages. Returns the deleted row. */
export const deleteEndpoint = (db: Database, id: string): Promise<WebhookEndpointRow | undefined> =>
  db.deleteFrom('webhookEndpoints').where('id', '=', id).returningAll().executeTakeFirst()

export async function findEndpoints(
  db: Database,
  ids: readonly string[],
): Promise<readonly WebhookEndpointRow[]> {
  const uuids = ids.filter(isUuid)
  return uuids.length === 0
    ? []
    : db.selectFrom('webhookEndpoints').selectAll().where('id', 'in', uuids).execute()
}

/** Oldest first. There are few. */
export const listEndpoints = (db: Database): Promise<readonly WebhookEndpointRow[]> =>
  db.selectFrom('webhookEndpoints').selectAll().orderBy('createdAt').orderBy('id').execute()

/** Locks the table against concurrent inserts, so that a limit on their number holds. */
export async function countEndpointsForInsert(transaction: Database): Promise<number> {
  await sql`lock table webhook_endpoints in share row exclusive mode`.execute(transaction)
  const { count } = await transaction
    .selectFrom('webhookEndpoints')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Sets or clears the time since which all attempts have failed. */
export async function recordOutcome(
  db: Database,
  id: string,
  { isSuccess, at }: { readonly isSuccess: boolean; readonly at: Date },
): Promise<void> {
  const failing = db
    .updateTable('webhookEndpoints')
    .set({ failingSince: isSuccess ? null : at })
    .where('id', '=', id)
    .where('failingSince', isSuccess ? 'is not' : 'is', null)
  await failing.execute()
}

/** Disables an enabled endpoint. Returns whether it was enabled. */
export async function disableEndpoint(
  db: Database,
  id: string,
  { reason, at }: { readonly reason: DisabledReason; readonly at: Date },
): Promise<boolean> {
  const row = await db
    .updateTable('webhookEndpoints')
    .set({ disabledAt: at, disabledReason: reason, updatedAt: at })
    .where('id', '=', id)
    .where('disabledAt', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}
