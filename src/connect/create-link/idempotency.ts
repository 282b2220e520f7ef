import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { ConflictError, GatewayError, ProviderError } from '../../domain/errors.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { findLinks } from '../../store/connect-links.ts'
import {
  findKey,
  type KeyName,
  keepKey,
  leaveKey,
  ownOperation,
  type Reservation,
  type ReserveKey,
  releaseKey,
  reserveKey,
  takeOverKey,
} from '../../store/idempotency-keys.ts'
import type { ConnectContext } from '../context.ts'
import { type CreatedLink, readSelection, readWarnings } from './warnings.ts'

const keptMs = 24 * 3_600_000
/** An attempt that has not been heard of for so long was cut off with its process. */
const silentMs = 15_000
const pauseMs = 100

export interface KeyedCall extends KeyName {
  readonly viewer: Viewer
  /** Everything that makes it this call and not another. */
  readonly input: unknown
}

/**
 * Runs a call at most once for its idempotency key; later calls get the first one's link, and wait for it while it is
 * under way. A refusal frees the key. When nobody knows whether the provider acted, or the process was killed, the key
 * stays taken, and the next attempt is told to look at the provider before it acts.
 */
export async function once(
  context: ConnectContext,
  { operation, key, viewer, input }: KeyedCall,
  make: (reservation: Reservation) => Promise<CreatedLink>,
): Promise<CreatedLink> {
  const name = { operation: viewer.endUser ? ownOperation(operation, viewer.endUser.id) : operation, key }
  const text = canonical(input)
  const giveUpAt = performance.now() + context.patienceMs * 4
  do {
    const wanted = { ...name, ...attempt(context, text) }
    const first = await reserveKey(context.db, wanted)
    if (first) return run(context, first, make)
    const replayed = await replay(context, name, text)
    if (replayed) return replayed
    const retry = await takeOverKey(context.db, wanted)
    if (retry) return run(context, retry, make)
    await sleep(pauseMs)
  } while (performance.now() < giveUpAt)
  throw new ConflictError('OPERATION_IN_PROGRESS', 'A call with this idempotency key is under way.')
}

/** The same for a call that may have no key: then it just runs. */
export const onceIfKeyed = (
  context: ConnectContext,
  { key, ...call }: Omit<KeyedCall, 'key'> & { readonly key: string | null },
  make: (reservation: Reservation | null) => Promise<CreatedLink>,
): Promise<CreatedLink> => (key === null ? make(null) : once(context, { ...call, key }, make))

function attempt({ secrets, now, gatewayId }: ConnectContext, text: string): Omit<ReserveKey, keyof KeyName> {
  const at = now()
  return {
    fingerprint: secrets.fingerprint(text),
    linkId: randomUUID(),
    gateway: gatewayId,
    now: at,
    runningUntil: new Date(at.getTime() + silentMs),
    expiresAt: new Date(at.getTime() + keptMs),
  }
}

async function run(
  { db, now }: ConnectContext,
  reservation: Reservation,
  make: (reservation: Reservation) => Promise<CreatedLink>,
): Promise<CreatedLink> {
  const stillHere = () =>
    keepKey(db, reservation, new Date(now().getTime() + silentMs)).catch(() => undefined)
  const sign = setInterval(stillHere, silentMs / 3).unref()
  // Caught only to free the key or to leave it to the next attempt, then thrown on.
  try {
    return await make(reservation)
  } catch (error) {
    // A refusal says nothing of what an earlier attempt has done.
    await (isRefusal(error) && !reservation.isRetry ? releaseKey : leaveKey)(db, reservation)
    throw error
  } finally {
    clearInterval(sign)
  }
}

/** The first call's link; `undefined` while there is none. */
async function replay(
  { db, secrets }: ConnectContext,
  name: KeyName,
  text: string,
): Promise<CreatedLink | undefined> {
  const held = await findKey(db, name)
  if (held === undefined) return undefined
  if (!secrets.matches(text, held.fingerprint)) {
    throw new ConflictError('IDEMPOTENCY_CONFLICT', 'The idempotency key was used with another input.')
  }
  const [connectLink] = held.answer === null ? [] : await findLinks(db, [held.link_id])
  if (connectLink === undefined) return undefined
  const { answer } = held
  return { connectLink, replayed: true, warnings: readWarnings(answer), selection: readSelection(answer) }
}

/** After these it is certain that the provider made nothing. */
const isRefusal = (error: unknown) =>
  error instanceof GatewayError && !(error instanceof ProviderError && error.mayHaveActed)

/** The same text for the same value, whatever the order of its keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}
