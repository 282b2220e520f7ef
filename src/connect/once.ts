import { setTimeout as sleep } from 'node:timers/promises'
import { ConflictError, GatewayError, ProviderError } from '../errors.ts'
import { findLinks } from '../store/connect-links.ts'
import { findKey, type KeyName, releaseKey, reserveKey } from '../store/idempotency-keys.ts'
import type { ConnectContext } from './context.ts'
import { type CreatedLink, readWarnings } from './link-warnings.ts'

const keptMs = 24 * 3_600_000

export interface KeyedCall extends KeyName {
  /** Everything that makes it this call and not another. */
  readonly input: unknown
}

/**
 * Runs a call at most once for its idempotency key; later calls get the first one's link, and wait for it while it is
 * under way. A refusal frees the key. When nobody knows whether the provider acted, the key stays taken: a second
 * attempt could make a second connection.
 */
export async function once(
  context: ConnectContext,
  { operation, key, input }: KeyedCall,
  make: (name: KeyName) => Promise<CreatedLink>,
): Promise<CreatedLink> {
  const name = { operation, key }
  const text = canonical(input)
  const giveUpAt = performance.now() + context.patienceMs
  do {
    if (await reserve(context, name, text)) return run(context, name, make)
    const replayed = await replay(context, name, text)
    if (replayed) return replayed
    await sleep(pauseMs)
  } while (performance.now() < giveUpAt)
  throw new ConflictError(
    'OPERATION_IN_PROGRESS',
    'A call with this idempotency key is under way, or ended without anybody knowing what the provider did. Look at the connections before using another key.',
  )
}

const pauseMs = 100

function reserve({ db, secrets, now }: ConnectContext, name: KeyName, text: string): Promise<boolean> {
  const at = now()
  const fingerprint = secrets.fingerprint(text)
  return reserveKey(db, name, { fingerprint, now: at, expiresAt: new Date(at.getTime() + keptMs) })
}

async function run(
  { db }: ConnectContext,
  name: KeyName,
  make: (name: KeyName) => Promise<CreatedLink>,
): Promise<CreatedLink> {
  try {
    return await make(name)
  } catch (error) {
    // Caught only to free the key, then thrown on.
    if (isRefusal(error)) await releaseKey(db, name)
    throw error
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
  const [connectLink] = held.link_id === null ? [] : await findLinks(db, [held.link_id])
  return connectLink && { connectLink, replayed: true, warnings: readWarnings(held.answer) }
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
