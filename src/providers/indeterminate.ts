import { ProviderError } from '../domain/errors.ts'

/** Whether a call may have had its effect although its answer says nothing of it. */
export const mayHaveActed = (error: unknown): boolean => error instanceof ProviderError && error.mayHaveActed

/**
 * For a look-up that fails on a second attempt: it had no effect itself, but what the first attempt did is still not
 * known, so the failure must not read like a refusal after which everything may start afresh.
 */
export function rethrowIndeterminate(error: unknown): never {
  if (!(error instanceof ProviderError)) throw error
  const { provider, code, message, retryAfterSeconds, providerErrorCode, providerRequestId } = error
  const details = {
    retryAfterSeconds,
    providerCode: providerErrorCode,
    providerRequestId,
    cause: error,
    mayHaveActed: true,
  }
  throw new ProviderError(provider, code, message, details)
}
