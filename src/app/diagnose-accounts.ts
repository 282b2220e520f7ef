import type { ConnectContext } from '../connect/context.ts'
import { errorCodeOf } from '../domain/errors.ts'
import { backgroundWork } from '../http/http-types.ts'

/**
 * Logs what providers show to be wrong with the accounts in the settings, such as credentials that allow more than the
 * gateway needs, or less. Accounts of organizations are not diagnosed: their credentials are not the operator's.
 */
export async function diagnoseAccounts({
  providers,
  log,
}: Pick<ConnectContext, 'providers' | 'log'>): Promise<void> {
  for (const { adapter, key, sandbox } of providers.configured) {
    if (sandbox || adapter.diagnose === undefined) continue
    // Caught, so that the other providers are still diagnosed.
    try {
      for (const { check, status, message } of await adapter.diagnose(null, backgroundWork()))
        if (status !== 'PASS') log.warn({ provider: key, check, status }, message)
    } catch (error) {
      log.warn({ provider: key, code: errorCodeOf(error) }, 'the account could not be diagnosed')
    }
  }
}
