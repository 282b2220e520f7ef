import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { ConflictError, GatewayError } from '../../domain/errors.ts'
import { ProviderError } from '../../domain/provider-error.ts'
import type { Viewer } from '../../domain/viewer.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { findLinks } from '../../store/connect-links.ts'
import {
  endUserOperation,
  extendKeyLock,
  findKey,
  type IdempotentOperation,
  type KeyName,
  type Reservation,
  type ReserveKey,
  releaseKey,
  reserveKey,
  takeOverKey,
  unlockKey,
} from '../../store/idempotency-keys.ts'
import type { ConnectContext } from '../context.ts'
import { type CreatedLink, readSelection, readWarnings } from './warnings.ts'

const keyTtlMs = 24 * 3_600_000
/** An attempt that has not extended its lock for so long was cut off with its process. */
const lockMs = 15_000
const pollMs = 100

export interface IdempotentCall {
  readonly operation: IdempotentOperation
  /** `null`: the call has no key and just runs. */
  readonly key: string | null
  readonly viewer: Viewer
  /** Everything that has to be equal for two calls to be the same. */
  readonly input: unknown
}

/**
 * Runs a call at most once for its idempotency key; later calls get the link of the first one, and wait for it while it is in
 * progress. A call that fails without an effect frees the key. When its effect is unknown, or its process was killed, the key
 * stays taken, and the next attempt (`isRetry`) must look at the provider before it acts.
 */
export function withIdempotencyKey(
  context: ConnectContext,
  { key, ...call }: IdempotentCall,
  create: (reservation: Reservation | null) => Promise<CreatedLink>,
): Promise<CreatedLink> {
  return key === null ? create(null) : createOnce(context, { ...call, key }, create)
}

async function createOnce(
  context: ConnectContext,
  { operation, key, viewer, input }: IdempotentCall & { readonly key: string },
  create: (reservation: Reservation) => Promise<CreatedLink>,
): Promise<CreatedLink> {
  const name = {
    operation: viewer.endUser ? endUserOperation(operation, viewer.endUser) : operation,
    key,
  }
  const text = canonicalJson(input)
  const giveUpAt = performance.now() + context.maxWaitMs * 4
  do {
    const wanted = { ...name, ...newAttempt(context, text) }
    const first = await reserveKey(context.db, wanted)
    if (first) return run(context, first, create)
    const replayed = await replay(context, name, text)
    if (replayed) return replayed
    const retry = await takeOverKey(context.db, wanted)
    if (retry) return run(context, retry, create)
    await sleep(pollMs)
  } while (performance.now() < giveUpAt)
  throw new ConflictError('OPERATION_IN_PROGRESS', 'A call with this idempotency key is still in progress.')
}

function newAttempt(
  { encryption, now, instanceId }: ConnectContext,
  text: string,
): Omit<ReserveKey, keyof KeyName> {
  const at = now()
  return {
    fingerprint: encryption.fingerprint(text),
    linkId: randomUUID(),
    instanceId,
    now: at,
    lockedUntil: new Date(at.getTime() + lockMs),
    expiresAt: new Date(at.getTime() + keyTtlMs),
  }
}

async function run(
  { db, now }: ConnectContext,
  reservation: Reservation,
  create: (reservation: Reservation) => Promise<CreatedLink>,
): Promise<CreatedLink> {
  const extend = () =>
    extendKeyLock(db, reservation, new Date(now().getTime() + lockMs)).catch(() => undefined)
  const heartbeat = setInterval(extend, lockMs / 3).unref()
  // Caught only to free or to unlock the key, then rethrown.
  try {
    return await create(reservation)
  } catch (error) {
    // That this attempt had no effect says nothing about an earlier one.
    await (hadNoEffect(error) && !reservation.isRetry ? releaseKey : unlockKey)(db, reservation)
    throw error
  } finally {
    clearInterval(heartbeat)
  }
}

/** The link of the first call; `undefined` while there is none. */
async function replay(
  { db, encryption }: ConnectContext,
  name: KeyName,
  text: string,
): Promise<CreatedLink | undefined> {
  const stored = await findKey(db, name)
  if (stored === undefined) return undefined
  if (!encryption.matches(text, stored.fingerprint)) {
    throw new ConflictError('IDEMPOTENCY_CONFLICT', 'The idempotency key was used with another input.')
  }
  const { response, linkId } = stored
  const [connectLink] = response === null ? [] : await findLinks(db, [linkId])
  if (connectLink === undefined) return undefined
  return {
    connectLink,
    replayed: true,
    warnings: readWarnings(response),
    selection: readSelection(response),
  }
}

/**
 * For the input of a call: a retry must not go to another account than the first attempt, after the organization got an
 * account of its own or lost it.
 */
export const ownAccountKeys = (accounts: readonly ConfiguredProvider[]): readonly string[] =>
  accounts.flatMap(({ accountKey, organizationId }) => (organizationId === null ? [] : [accountKey]))

/** After such an error it is certain that the provider created nothing. */
const hadNoEffect = (error: unknown) =>
  error instanceof GatewayError && !(error instanceof ProviderError && error.mayHaveActed)

/** The same text for equal values, whatever the order of their keys. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
