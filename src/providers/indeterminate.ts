import { ProviderError } from '../domain/provider-error.ts'

/** Whether a failed call may have had an effect at the provider. */
export const mayHaveActed = (error: unknown): boolean => error instanceof ProviderError && error.mayHaveActed

/**
 * For a lookup that fails during a retry. Throws the error with `mayHaveActed: true`: the lookup had no effect, but the
 * effect of the first attempt is still unknown, so the operation must not be started again from scratch.
 */
export function rethrowIndeterminate(error: unknown): never {
  if (!(error instanceof ProviderError)) throw error
  const { provider, code, message } = error
  throw new ProviderError(provider, code, message, {
    retryAfterSeconds: error.retryAfterSeconds,
    providerErrorCode: error.providerErrorCode,
    providerMessage: error.providerMessage,
    providerRequestId: error.providerRequestId,
    cause: error,
    mayHaveActed: true,
  })
}
