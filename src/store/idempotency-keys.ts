import { sql } from 'kysely'
import type { ProviderKey } from '../domain/provider-key.ts'
import type { Database } from './database.ts'
import type { IdempotencyKeyRow } from './schema.ts'

export type KeyName = Pick<IdempotencyKeyRow, 'operation' | 'key'>

/** A key held by the attempt that is to make the link. */
export interface Reservation extends KeyName {
  readonly linkId: string
  /** Whose attempt it is. */
  readonly gateway: string
  readonly reservedAt: Date
  /** An earlier attempt under this key may have acted at the provider. */
  readonly isRetry: boolean
  /** The offer that an earlier attempt may have acted at; a call that names its provider has none. */
  readonly tried: TriedOffer | null
}

export interface TriedOffer {
  readonly provider: ProviderKey
  readonly connectorKey: string
}

export interface ReserveKey extends KeyName {
  readonly fingerprint: string
  /** Of the link, if this is the first attempt. */
  readonly linkId: string
  readonly gateway: string
  readonly now: Date
  readonly runningUntil: Date
  readonly expiresAt: Date
}

/** Takes the key for the first attempt; `undefined`: it has been used. A key past its time is free again. */
export async function reserveKey(db: Database, wanted: ReserveKey): Promise<Reservation | undefined> {
  const { operation, key, now } = wanted
  const columns = {
    fingerprint: wanted.fingerprint,
    link_id: wanted.linkId,
    reserved_at: now,
    running_by: wanted.gateway,
    running_until: wanted.runningUntil,
    tried_provider: null,
    tried_connector: null,
    taken_over: false,
    answer: null,
    expires_at: wanted.expiresAt,
  }
  const row = await db
    .insertInto('idempotency_keys')
    .values({ operation, key, ...columns })
    .onConflict((conflict) =>
      conflict
        .columns(['operation', 'key'])
        .doUpdateSet(columns)
        .where(sql<boolean>`idempotency_keys.expires_at <= ${now}::timestamptz`),
    )
    .returning(['link_id', 'reserved_at', 'tried_provider', 'tried_connector'])
    .executeTakeFirst()
  return row && reservation(wanted, row, false)
}

/** Takes over a key whose attempt ended without anybody knowing how, or was cut off; `undefined`: somebody is at it, or it is answered. */
export async function takeOverKey(db: Database, wanted: ReserveKey): Promise<Reservation | undefined> {
  const { operation, key, now } = wanted
  const row = await db
    .updateTable('idempotency_keys')
    .set({ running_by: wanted.gateway, running_until: wanted.runningUntil, taken_over: true })
    .where('operation', '=', operation)
    .where('key', '=', key)
    .where('answer', 'is', null)
    .where((where) => where.or([where('running_until', 'is', null), where('running_until', '<=', now)]))
    .returning(['link_id', 'reserved_at', 'tried_provider', 'tried_connector'])
    .executeTakeFirst()
  return row && reservation(wanted, row, true)
}

const reservation = (
  { operation, key, gateway }: ReserveKey,
  row: Pick<IdempotencyKeyRow, 'link_id' | 'reserved_at' | 'tried_provider' | 'tried_connector'>,
  isRetry: boolean,
): Reservation => ({
  operation,
  key,
  linkId: row.link_id,
  gateway,
  reservedAt: row.reserved_at,
  isRetry,
  tried:
    row.tried_provider === null || row.tried_connector === null
      ? null
      : { provider: row.tried_provider, connectorKey: row.tried_connector },
})

/**
 * Notes the offer that is tried next, before anything is sent: an attempt after this one goes there and nowhere else.
 * `false`: another attempt has the key by now, so this one must not act.
 */
export async function noteTried(
  db: Database,
  { key, operation, gateway, linkId, isRetry }: Reservation,
  { from, to }: { readonly from: TriedOffer | null; readonly to: TriedOffer },
): Promise<boolean> {
  const { numUpdatedRows } = await held(db, { key, operation })
    .set({ tried_provider: to.provider, tried_connector: to.connectorKey })
    .where('running_by', '=', gateway)
    .where('link_id', '=', linkId)
    .where('taken_over', '=', isRetry)
    .where('answer', 'is', null)
    .where(sql<boolean>`tried_provider is not distinct from ${from?.provider ?? null}::text`)
    .where(sql<boolean>`tried_connector is not distinct from ${from?.connectorKey ?? null}::text`)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** The attempt goes on. */
export async function keepKey(db: Database, attempt: Reservation, runningUntil: Date): Promise<void> {
  await heldBy(db, attempt).set({ running_until: runningUntil }).execute()
}

/** The attempt has ended and nobody knows what the provider did: the key stays taken, for an attempt that looks first. */
export async function leaveKey(db: Database, attempt: Reservation): Promise<void> {
  await heldBy(db, attempt).set({ running_by: null, running_until: null }).execute()
}

/** In the transaction that records the link: either both are there, or neither. */
export async function answerKey(db: Database, name: KeyName, answer: object): Promise<void> {
  await held(db, name)
    .set({ answer: JSON.stringify(answer), running_by: null, running_until: null })
    .execute()
}

const held = (db: Database, { operation, key }: KeyName) =>
  db.updateTable('idempotency_keys').where('operation', '=', operation).where('key', '=', key)

/** Not when another attempt, of this process or of another one, has taken it over. */
const heldBy = (db: Database, attempt: Reservation) =>
  held(db, attempt).where('running_by', '=', attempt.gateway).where('taken_over', '=', attempt.isRetry)

export function findKey(db: Database, { operation, key }: KeyName): Promise<IdempotencyKeyRow | undefined> {
  return db
    .selectFrom('idempotency_keys')
    .selectAll()
    .where('operation', '=', operation)
    .where('key', '=', key)
    .executeTakeFirst()
}

/** It is certain that nothing was made: the key is free. */
export async function releaseKey(db: Database, { operation, key, gateway }: Reservation): Promise<void> {
  await db
    .deleteFrom('idempotency_keys')
    .where('operation', '=', operation)
    .where('key', '=', key)
    .where('answer', 'is', null)
    .where('running_by', '=', gateway)
    .where('taken_over', '=', false)
    .execute()
}

/** Attempts that a process left behind when it was killed; only where no other process can be at one. */
export async function abandonKeys(db: Database): Promise<void> {
  await db
    .updateTable('idempotency_keys')
    .set({ running_by: null, running_until: null })
    .where('running_until', 'is not', null)
    .execute()
}

export async function forgetOldKeys(db: Database, now: Date): Promise<void> {
  await db.deleteFrom('idempotency_keys').where('expires_at', '<=', now).execute()
}

/** The keys that an end user's sessions used, and those of these links. */
export async function forgetKeysOf(
  db: Database,
  endUserId: string,
  linkIds: readonly string[],
): Promise<void> {
  await db
    .deleteFrom('idempotency_keys')
    .where(
      sql<boolean>`link_id = any(${[...linkIds]}::uuid[]) or operation = any(${ownOperations(endUserId)}::text[])`,
    )
    .execute()
}

/** The names under which the keys of one person's sessions are kept. */
const ownOperations = (endUserId: string) =>
  ['createConnectLink', 'reconnect'].map((name) => ownOperation(name, endUserId))

/** One person's keys are nobody else's business. */
export const ownOperation = (operation: string, endUserId: string): string => `${operation} ${endUserId}`
