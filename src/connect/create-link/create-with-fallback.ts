import { ConflictError, type GatewayError, NotFoundError, UnsupportedError } from '../../domain/errors.ts'
import { ProviderError } from '../../domain/provider-error.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { type Reservation, recordAttempt } from '../../store/idempotency-keys.ts'
import { organizationFor } from '../authorization.ts'
import type { ConnectContext } from '../context.ts'
import { reuseOrExecute } from './create-at-provider.ts'
import { type IdempotentCall, ownAccountKeys, withIdempotencyKey } from './idempotency.ts'
import {
  type Candidate,
  type Candidates,
  type FailedCandidate,
  findCandidates,
  type SelectionRequest,
  selectionOf,
} from './select-provider.ts'
import type { CreatedLink } from './warnings.ts'

/**
 * Creates a connect link at the best provider for an application. The next candidate is tried only while it is certain that
 * nothing has been created anywhere; a retry under an idempotency key goes to the provider of the earlier attempt only.
 */
export async function createWithFallback(
  context: ConnectContext,
  viewer: Viewer,
  { signal, ...request }: SelectionRequest & { readonly signal: AbortSignal },
): Promise<CreatedLink> {
  const candidates = await findCandidates(context, viewer, request)
  const { idempotencyKey: key, ...validated } = candidates.first.link.input
  const { connector } = request.input
  // A block that is null counts as not given.
  const options = Object.entries(request.input.options).filter(([, block]) => block != null)
  // The request, not its outcome: a repeated call may select another provider.
  const accounts = context.providers.usedBy(organizationFor(viewer, request.input))
  const input = [
    null,
    { ...validated, connector, options },
    request.preferProviders,
    ...ownAccountKeys(accounts),
  ]
  const call: IdempotentCall = { operation: 'createConnectLink', key, viewer, input }
  return withIdempotencyKey(context, call, (reservation) =>
    tryCandidates(context, { candidates, signal }, reservation),
  )
}

async function tryCandidates(
  context: ConnectContext,
  { candidates, signal }: { readonly candidates: Candidates; readonly signal: AbortSignal },
  reservation: Reservation | null,
): Promise<CreatedLink> {
  const failed: FailedCandidate[] = []
  let attempted = reservation?.attempted ?? null
  for (const candidate of candidatesFor(candidates, reservation)) {
    // A failing provider fails for all its offers.
    if (failed.some((one) => isSameProviderFailing(one, candidate))) continue
    signal.throwIfAborted()
    const { link, connector } = candidate
    const to = { provider: link.provider.key, connectorKey: connector.key }
    if (reservation !== null && !(await recordAttempt(context.db, reservation, { from: attempted, to }))) {
      throw new ConflictError(
        'OPERATION_IN_PROGRESS',
        'A call with this idempotency key is still in progress.',
      )
    }
    attempted = to
    const selection = selectionOf(candidates, candidate, {
      failed,
      isRepeated: reservation?.attempted != null,
    })
    // Caught only if nothing was created; every other error is rethrown.
    try {
      return await reuseOrExecute(context, { link, reservation, selection })
    } catch (error) {
      if (!hasCreatedNothing(error)) throw error
      failed.push({ candidate, error })
    }
  }
  throw failed[0]?.error ?? new Error('there was no candidate to try')
}

/** What an earlier attempt has done is unknown: a retry looks there first, and creates nothing anywhere else. */
function candidatesFor({ all, first }: Candidates, reservation: Reservation | null): readonly Candidate[] {
  if (reservation === null || !reservation.isRetry) return all
  const { attempted } = reservation
  if (attempted === null) return [first]
  const same = all.filter(
    ({ connector }) => connector.provider === attempted.provider && connector.key === attempted.connectorKey,
  )
  if (same.length > 0) return same
  throw new ConflictError(
    'INVALID_STATE',
    `An earlier call with this idempotency key went to ${attempted.provider}, which cannot make the link any more.`,
  )
}

/** A rejected input is reported to the caller: a link of another provider would hide it. */
function hasCreatedNothing(error: unknown): error is GatewayError {
  if (error instanceof ProviderError) return !error.mayHaveActed && error.allowsFallback
  return error instanceof NotFoundError || error instanceof UnsupportedError
}

const isSameProviderFailing = ({ candidate, error }: FailedCandidate, { link }: Candidate): boolean =>
  error instanceof ProviderError && candidate.link.provider.key === link.provider.key
