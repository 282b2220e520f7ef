import {
  ConflictError,
  type GatewayError,
  NotFoundError,
  ProviderError,
  UnsupportedError,
} from '../../domain/errors.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { noteTried, type Reservation } from '../../store/idempotency-keys.ts'
import type { ConnectContext } from '../context.ts'
import { makeOrReuse } from './create-at-provider.ts'
import { onceIfKeyed } from './idempotency.ts'
import { type ProviderSelection, reasonAgainst, reasonFor } from './rank-offers.ts'
import {
  type PlannedChoice,
  type PlannedOffer,
  planChoice,
  reasonOf,
  type WantedChoice,
} from './select-provider.ts'
import type { CreatedLink } from './warnings.ts'

interface FailedOffer {
  readonly offer: PlannedOffer
  readonly error: GatewayError
}

/**
 * Makes a connect link with the provider that suits best. The next one is tried only while it is certain that nothing has
 * been made anywhere; an attempt that follows another one under an idempotency key goes where that one went, and nowhere
 * else.
 */
export async function createChosenLink(
  context: ConnectContext,
  viewer: Viewer,
  wanted: WantedChoice,
): Promise<CreatedLink> {
  const choice = await planChoice(context, viewer, wanted)
  const attempts = { choice, signal: wanted.signal }
  const { idempotencyKey: key, ...checked } = choice.first.plan.input
  const { connector } = wanted.input
  // A block that is null is as good as left out.
  const options = Object.entries(wanted.input.options).filter(([, block]) => block != null)
  // What is asked for, not what became of it: the choice may fall otherwise when the call is repeated.
  const input = [null, { ...checked, connector, options }, wanted.preferProviders]
  const call = { operation: 'createConnectLink', key, viewer, input }
  return onceIfKeyed(context, call, (reservation) => tryOffers(context, attempts, reservation))
}

/** Which provider would be chosen now, and why; nothing is made. */
export async function explainChoice(
  context: ConnectContext,
  viewer: Viewer,
  wanted: WantedChoice,
): Promise<ProviderSelection> {
  const choice = await planChoice(context, viewer, wanted)
  return selectionOf(choice, choice.first, { failed: [], isRepeated: false })
}

async function tryOffers(
  context: ConnectContext,
  { choice, signal }: { readonly choice: PlannedChoice; readonly signal: AbortSignal },
  reservation: Reservation | null,
): Promise<CreatedLink> {
  const failed: FailedOffer[] = []
  let tried = reservation?.tried ?? null
  for (const offer of offersFor(choice, reservation)) {
    // What is wrong with a provider is wrong with all its offers.
    if (failed.some((one) => isOfProvider(one, offer))) continue
    signal.throwIfAborted()
    const to = { provider: offer.provider.key, connectorKey: offer.connector.key }
    if (reservation !== null && !(await noteTried(context.db, reservation, { from: tried, to }))) {
      throw new ConflictError('OPERATION_IN_PROGRESS', 'A call with this idempotency key is under way.')
    }
    tried = to
    const selection = selectionOf(choice, offer, { failed, isRepeated: reservation?.tried != null })
    // Caught only where nothing has been made; everything else is thrown on.
    try {
      return await makeOrReuse(context, offer.provider, { plan: offer.plan, reservation, selection })
    } catch (error) {
      if (!hasMadeNothing(error)) throw error
      failed.push({ offer, error })
    }
  }
  throw failed[0]?.error ?? new Error('there was no offer to try')
}

/** Nobody knows what an earlier attempt has done: this one looks there first, and makes nothing anywhere else. */
function offersFor(choice: PlannedChoice, reservation: Reservation | null): readonly PlannedOffer[] {
  if (reservation === null || !reservation.isRetry) return choice.offers
  const { tried } = reservation
  if (tried === null) return [choice.first]
  const same = choice.offers.filter(
    ({ connector }) => connector.provider === tried.provider && connector.key === tried.connectorKey,
  )
  if (same.length > 0) return same
  throw new ConflictError(
    'INVALID_STATE',
    `An earlier call with this idempotency key went to ${tried.provider}, which cannot make the link any more.`,
  )
}

const emptyHanded: ReadonlySet<string> = new Set([
  'PROVIDER_UNAVAILABLE',
  'PROVIDER_TIMEOUT',
  'PROVIDER_RATE_LIMITED',
  'PROVIDER_QUOTA_EXCEEDED',
  'PROVIDER_UNAUTHORIZED',
])

/** A refusal of what was sent is the caller's to know; it would not read it from another provider's link. */
function hasMadeNothing(error: unknown): error is GatewayError {
  if (error instanceof ProviderError) return !error.mayHaveActed && emptyHanded.has(error.code)
  return error instanceof NotFoundError || error instanceof UnsupportedError
}

const isOfProvider = ({ offer, error }: FailedOffer, { provider }: PlannedOffer): boolean =>
  error instanceof ProviderError && offer.provider.key === provider.key

function selectionOf(
  { offers, rejected, rules }: PlannedChoice,
  { connector }: PlannedOffer,
  { failed, isRepeated }: { readonly failed: readonly FailedOffer[]; readonly isRepeated: boolean },
): ProviderSelection {
  const gone = new Set(failed.map(({ offer }) => offer.connector))
  const unused = offers.flatMap((offer) =>
    offer.connector === connector || gone.has(offer.connector) ? [] : [offer.connector],
  )
  const repeated = 'An earlier call with this idempotency key went to it.'
  return {
    chosen: connector.provider,
    connectorKey: connector.key,
    reason: isRepeated ? repeated : reasonFor(connector, unused[0], rules),
    rejected: [
      ...failed.map(({ offer, error }) => ({ provider: offer.provider.key, reason: reasonOf(error) })),
      ...unused.map((other) => ({
        provider: other.provider,
        reason: isRepeated ? repeatedElsewhere : reasonAgainst(other, connector, rules),
      })),
      ...rejected,
    ],
  }
}

const repeatedElsewhere = 'An earlier call with this idempotency key went to another one.'
