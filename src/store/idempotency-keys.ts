import { sql } from 'kysely'
import type { ProviderKey } from '../domain/provider-key.ts'
import type { Database } from './database.ts'
import type { IdempotencyKeyRow } from './schema.ts'

export type KeyName = Pick<IdempotencyKeyRow, 'operation' | 'key'>

/** A key held by the attempt that is to make the link. */
export interface Reservation extends KeyName {
  readonly linkId: string
  /** Whose attempt it is. */
  readonly instanceId: string
  readonly reservedAt: Date
  /** An earlier attempt under this key may have acted at the provider. */
  readonly isRetry: boolean
  /** The offer that an earlier attempt may have acted at; a call that names its provider has none. */
  readonly attempted: AttemptedOffer | null
}

export interface AttemptedOffer {
  readonly provider: ProviderKey
  readonly connectorKey: string
}

export interface ReserveKey extends KeyName {
  readonly fingerprint: string
  /** Of the link, if this is the first attempt. */
  readonly linkId: string
  readonly instanceId: string
  readonly now: Date
  readonly lockedUntil: Date
  readonly expiresAt: Date
}

/** Takes the key for the first attempt; `undefined`: it has been used. A key past its time is free again. */
export async function reserveKey(db: Database, wanted: ReserveKey): Promise<Reservation | undefined> {
  const { operation, key, now } = wanted
  const columns = {
    fingerprint: wanted.fingerprint,
    linkId: wanted.linkId,
    reservedAt: now,
    lockedBy: wanted.instanceId,
    lockedUntil: wanted.lockedUntil,
    attemptedProvider: null,
    attemptedConnector: null,
    takenOver: false,
    response: null,
    expiresAt: wanted.expiresAt,
  }
  const row = await db
    .insertInto('idempotencyKeys')
    .values({ operation, key, ...columns })
    .onConflict((conflict) =>
      conflict
        .columns(['operation', 'key'])
        .doUpdateSet(columns)
        .where(sql<boolean>`idempotency_keys.expires_at <= ${now}::timestamptz`),
    )
    .returning(['linkId', 'reservedAt', 'attemptedProvider', 'attemptedConnector'])
    .executeTakeFirst()
  return row && reservation(wanted, row, false)
}

/** Takes over a key whose attempt ended without anybody knowing how, or was cut off; `undefined`: somebody is at it, or it is answered. */
export async function takeOverKey(db: Database, wanted: ReserveKey): Promise<Reservation | undefined> {
  const { operation, key, now } = wanted
  const row = await db
    .updateTable('idempotencyKeys')
    .set({ lockedBy: wanted.instanceId, lockedUntil: wanted.lockedUntil, takenOver: true })
    .where('operation', '=', operation)
    .where('key', '=', key)
    .where('response', 'is', null)
    .where((where) => where.or([where('lockedUntil', 'is', null), where('lockedUntil', '<=', now)]))
    .returning(['linkId', 'reservedAt', 'attemptedProvider', 'attemptedConnector'])
    .executeTakeFirst()
  return row && reservation(wanted, row, true)
}

const reservation = (
  { operation, key, instanceId }: ReserveKey,
  row: Pick<IdempotencyKeyRow, 'linkId' | 'reservedAt' | 'attemptedProvider' | 'attemptedConnector'>,
  isRetry: boolean,
): Reservation => ({
  operation,
  key,
  linkId: row.linkId,
  instanceId,
  reservedAt: row.reservedAt,
  isRetry,
  attempted:
    row.attemptedProvider === null || row.attemptedConnector === null
      ? null
      : { provider: row.attemptedProvider, connectorKey: row.attemptedConnector },
})

/**
 * Notes the offer that is tried next, before anything is sent: an attempt after this one goes there and nowhere else.
 * `false`: another attempt has the key by now, so this one must not act.
 */
export async function recordAttempt(
  db: Database,
  { key, operation, instanceId, linkId, isRetry }: Reservation,
  { from, to }: { readonly from: AttemptedOffer | null; readonly to: AttemptedOffer },
): Promise<boolean> {
  const { numUpdatedRows } = await held(db, { key, operation })
    .set({ attemptedProvider: to.provider, attemptedConnector: to.connectorKey })
    .where('lockedBy', '=', instanceId)
    .where('linkId', '=', linkId)
    .where('takenOver', '=', isRetry)
    .where('response', 'is', null)
    .where(sql<boolean>`attempted_provider is not distinct from ${from?.provider ?? null}::text`)
    .where(sql<boolean>`attempted_connector is not distinct from ${from?.connectorKey ?? null}::text`)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** The attempt goes on. */
export async function extendKeyLock(db: Database, attempt: Reservation, runningUntil: Date): Promise<void> {
  await heldBy(db, attempt).set({ lockedUntil: runningUntil }).execute()
}

/** The attempt has ended and nobody knows what the provider did: the key stays taken, for an attempt that looks first. */
export async function unlockKey(db: Database, attempt: Reservation): Promise<void> {
  await heldBy(db, attempt).set({ lockedBy: null, lockedUntil: null }).execute()
}

/** In the transaction that records the link: either both are there, or neither. */
export async function storeResponse(db: Database, name: KeyName, response: object): Promise<void> {
  await held(db, name)
    .set({ response: JSON.stringify(response), lockedBy: null, lockedUntil: null })
    .execute()
}

const held = (db: Database, { operation, key }: KeyName) =>
  db.updateTable('idempotencyKeys').where('operation', '=', operation).where('key', '=', key)

/** Not when another attempt, of this process or of another one, has taken it over. */
const heldBy = (db: Database, attempt: Reservation) =>
  held(db, attempt).where('lockedBy', '=', attempt.instanceId).where('takenOver', '=', attempt.isRetry)

export function findKey(db: Database, { operation, key }: KeyName): Promise<IdempotencyKeyRow | undefined> {
  return db
    .selectFrom('idempotencyKeys')
    .selectAll()
    .where('operation', '=', operation)
    .where('key', '=', key)
    .executeTakeFirst()
}

/** It is certain that nothing was made: the key is free. */
export async function releaseKey(db: Database, { operation, key, instanceId }: Reservation): Promise<void> {
  await db
    .deleteFrom('idempotencyKeys')
    .where('operation', '=', operation)
    .where('key', '=', key)
    .where('response', 'is', null)
    .where('lockedBy', '=', instanceId)
    .where('takenOver', '=', false)
    .execute()
}

/** Attempts that a process left behind when it was killed; only where no other process can be at one. */
export async function unlockAllKeys(db: Database): Promise<void> {
  await db
    .updateTable('idempotencyKeys')
    .set({ lockedBy: null, lockedUntil: null })
    .where('lockedUntil', 'is not', null)
    .execute()
}

export async function deleteExpiredKeys(db: Database, now: Date): Promise<void> {
  await db.deleteFrom('idempotencyKeys').where('expiresAt', '<=', now).execute()
}

/** The keys that an end user's sessions used, and those of these links. */
export async function deleteKeysOfEndUser(
  db: Database,
  endUserId: string,
  linkIds: readonly string[],
): Promise<void> {
  await db
    .deleteFrom('idempotencyKeys')
    .where(
      sql<boolean>`link_id = any(${[...linkIds]}::uuid[]) or operation = any(${operationsOfEndUser(endUserId)}::text[])`,
    )
    .execute()
}

/** The names under which the keys of one person's sessions are kept. */
const operationsOfEndUser = (endUserId: string) =>
  ['createConnectLink', 'reconnect'].map((name) => endUserOperation(name, endUserId))

/** One person's keys are nobody else's business. */
export const endUserOperation = (operation: string, endUserId: string): string => `${operation} ${endUserId}`
