import { sql } from 'kysely'
import type { EndUser } from '../domain/end-user.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import type { Database } from './database.ts'
import { deleteInBatches } from './delete-in-batches.ts'
import type { IdempotencyKeyRow } from './schema.ts'

export type KeyName = Pick<IdempotencyKeyRow, 'operation' | 'key'>

/** An idempotency key, locked by the attempt that creates the link. */
export interface Reservation extends KeyName {
  readonly linkId: string
  /** The gateway instance that runs the attempt. */
  readonly instanceId: string
  readonly reservedAt: Date
  /** An earlier attempt under this key may have acted at the provider. */
  readonly isRetry: boolean
  /** The offer that an earlier attempt may have acted at; `null` if there is none or the caller named the provider. */
  readonly attempted: AttemptedOffer | null
}

export interface AttemptedOffer {
  readonly provider: ProviderKey
  readonly connectorKey: string
}

export interface ReserveKey extends KeyName {
  readonly fingerprint: string
  /** ID for the link, if this is the first attempt. */
  readonly linkId: string
  readonly instanceId: string
  readonly now: Date
  readonly lockedUntil: Date
  readonly expiresAt: Date
}

/** Reserves the key for the first attempt. Returns `undefined` if it was reserved before and has not expired. */
export async function reserveKey(db: Database, request: ReserveKey): Promise<Reservation | undefined> {
  const { operation, key, now } = request
  const columns = {
    fingerprint: request.fingerprint,
    linkId: request.linkId,
    reservedAt: now,
    lockedBy: request.instanceId,
    lockedUntil: request.lockedUntil,
    attemptedProvider: null,
    attemptedConnector: null,
    takenOver: false,
    response: null,
    expiresAt: request.expiresAt,
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
  return row && toReservation(request, row, false)
}

/**
 * Takes over a key whose attempt ended with an unknown outcome or was interrupted. Returns `undefined` while an attempt
 * holds the lock, or if the response is stored.
 */
export async function takeOverKey(db: Database, request: ReserveKey): Promise<Reservation | undefined> {
  const { operation, key, now } = request
  const row = await db
    .updateTable('idempotencyKeys')
    .set({ lockedBy: request.instanceId, lockedUntil: request.lockedUntil, takenOver: true })
    .where('operation', '=', operation)
    .where('key', '=', key)
    .where('response', 'is', null)
    .where((where) => where.or([where('lockedUntil', 'is', null), where('lockedUntil', '<=', now)]))
    .returning(['linkId', 'reservedAt', 'attemptedProvider', 'attemptedConnector'])
    .executeTakeFirst()
  return row && toReservation(request, row, true)
}

const toReservation = (
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
 * Records the offer that is tried next, before a request is sent to it: a later attempt uses this offer only. Returns
 * `false` if another attempt has taken the key over; this one must not send anything then.
 */
export async function recordAttempt(
  db: Database,
  { key, operation, instanceId, linkId, isRetry }: Reservation,
  { from, to }: { readonly from: AttemptedOffer | null; readonly to: AttemptedOffer },
): Promise<boolean> {
  const { numUpdatedRows } = await updateKey(db, { key, operation })
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

/** Extends the lock of a running attempt. */
export async function extendKeyLock(db: Database, attempt: Reservation, lockedUntil: Date): Promise<void> {
  await updateHeldKey(db, attempt).set({ lockedUntil }).execute()
}

/**
 * Ends an attempt with an unknown outcome. The key stays reserved, for a retry that reads the state at the provider
 * first.
 */
export async function unlockKey(db: Database, attempt: Reservation): Promise<void> {
  await updateHeldKey(db, attempt).set({ lockedBy: null, lockedUntil: null }).execute()
}

/** Stores the response. Call it in the transaction that inserts the link, so that both are stored or neither is. */
export async function storeResponse(db: Database, name: KeyName, response: object): Promise<void> {
  await updateKey(db, name)
    .set({ response: JSON.stringify(response), lockedBy: null, lockedUntil: null })
    .execute()
}

const updateKey = (db: Database, { operation, key }: KeyName) =>
  db.updateTable('idempotencyKeys').where('operation', '=', operation).where('key', '=', key)

/** Matches no row if another attempt, of this process or another one, has taken the key over. */
const updateHeldKey = (db: Database, attempt: Reservation) =>
  updateKey(db, attempt).where('lockedBy', '=', attempt.instanceId).where('takenOver', '=', attempt.isRetry)

export function findKey(db: Database, { operation, key }: KeyName): Promise<IdempotencyKeyRow | undefined> {
  return db
    .selectFrom('idempotencyKeys')
    .selectAll()
    .where('operation', '=', operation)
    .where('key', '=', key)
    .executeTakeFirst()
}

/** Frees the key of an attempt that has certainly created nothing. */
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

/** Releases the locks of attempts whose process was killed. Only for a database that no other process uses. */
export async function unlockAllKeys(db: Database): Promise<void> {
  await db
    .updateTable('idempotencyKeys')
    .set({ lockedBy: null, lockedUntil: null })
    .where('lockedUntil', 'is not', null)
    .execute()
}

export function deleteExpiredKeys(db: Database, now: Date): Promise<void> {
  return deleteInBatches(db, 'idempotency_keys', sql<boolean>`expires_at <= ${now}::timestamptz`)
}

/** Deletes the keys that an end user's sessions used, and those of these links. */
export async function deleteKeysOfEndUser(
  db: Database,
  endUserId: string,
  linkIds: readonly string[],
): Promise<void> {
  await db
    .deleteFrom('idempotencyKeys')
    .where(
      sql<boolean>`link_id = any(${[...linkIds]}::uuid[])
        or split_part(operation, ${organizationSeparator}, 1) = any(${operationsOfEndUser(endUserId)}::text[])`,
    )
    .execute()
}

/** The mutations that take an idempotency key. */
export const idempotentOperations = ['createConnectLink', 'reconnectConnection'] as const
export type IdempotentOperation = (typeof idempotentOperations)[number]

/** The operation names under which the keys of an end user's sessions are stored, without an organization. */
const operationsOfEndUser = (endUserId: string) => idempotentOperations.map((name) => `${name} ${endUserId}`)

/** A character that no ID contains. */
const organizationSeparator = '\n'

/**
 * Separates the keys of end users in their organizations, so that a session cannot use or detect the keys of another
 * end user.
 */
export const endUserOperation = (
  operation: IdempotentOperation,
  { id, organization }: Pick<EndUser, 'id' | 'organization'>,
): string => `${operation} ${id}${organization ? `${organizationSeparator}${organization.id}` : ''}`
