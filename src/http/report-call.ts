import { currentRequestId } from '../domain/current-request.ts'
import { ProviderError } from '../domain/provider-error.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import { traceIdOf } from '../domain/tracing.ts'
import type { Flow } from './exchange.ts'
import type { HttpSettings } from './http-types.ts'
import { purposeLabel } from './trace-exchange.ts'

interface EndedCall extends Pick<Flow, 'request' | 'permit'> {
  readonly provider: ProviderKey
  /** By `performance.now()`. */
  readonly startedAt: number
  /** `undefined`: it succeeded. */
  readonly error: unknown
}

/** Logs and measures a call that has ended, and counts it for the health of its account. */
export function reportCall(
  settings: HttpSettings,
  { request, permit, provider, startedAt, error }: EndedCall,
): void {
  const ms = Math.round(performance.now() - startedAt)
  const failed = error instanceof ProviderError ? error : undefined
  // Without a permit the call was not sent, or shared the response of another one, which has counted.
  if (permit && (!failed || !request.optional)) {
    permit.settle(failed)
    settings.onOutcome?.(failed)
  }
  const line = {
    requestId: currentRequestId(),
    traceId: traceIdOf(settings.tracing?.traceParent()),
    provider,
    method: request.method,
    purpose: request.purpose,
    ms,
    code: failed?.code,
    cause: failed?.causeCode,
    providerRequestId: failed?.providerRequestId,
  }
  const labels = { provider, purpose: purposeLabel(request.purpose), outcome: failed?.code ?? 'OK' }
  if (!failed?.notSent) settings.onCall?.(labels, ms / 1_000)
  if (failed?.notSent) settings.log.debug(line, 'provider call not sent')
  else if (failed) settings.log.warn(line, 'provider call failed')
  else settings.log.info(line, 'provider call')
  const providerMessage = failed?.providerMessage
  if (providerMessage !== undefined)
    settings.log.info({ ...line, providerMessage }, 'reason given by the provider')
}
