import type { ConnectContext } from '../connect/context.ts'
import { errorCodeOf } from '../domain/errors.ts'
import { backgroundWork } from '../http/http-types.ts'

/**
 * Logs the rights that the credentials in the settings have without need, or lack, as far as providers show them; doctor
 * reports the other checks. Accounts of organizations are not diagnosed: their credentials are not the operator's.
 */
export async function diagnoseAccounts({
  providers,
  log,
}: Pick<ConnectContext, 'providers' | 'log'>): Promise<void> {
  const request = { webhookUrl: null, isThorough: false }
  for (const { adapter, key, sandbox } of providers.configured) {
    if (sandbox || adapter.diagnose === undefined) continue
    // Caught, so that the other providers are still diagnosed.
    try {
      for (const { check, status, message } of await adapter.diagnose(request, backgroundWork()))
        if (check === 'rights' && status !== 'PASS') log.warn({ provider: key, status }, message)
    } catch (error) {
      log.warn({ provider: key, code: errorCodeOf(error) }, 'the account could not be diagnosed')
    }
  }
}
