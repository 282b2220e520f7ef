import type { ConnectContext } from '../connect/context.ts'
import { errorCodeOf } from '../domain/errors.ts'
import { backgroundWork } from '../http/http-types.ts'

/**
 * Logs what the credentials in the settings allow beyond what the gateway needs, and what they lack, for each provider that
 * can tell. Accounts of organizations are not inspected: their credentials are not the operator's.
 */
export async function inspectCredentials({
  providers,
  log,
}: Pick<ConnectContext, 'providers' | 'log'>): Promise<void> {
  for (const { adapter, key, sandbox } of providers.configured) {
    if (sandbox || adapter.inspectCredentials === undefined) continue
    // Caught, so that the other providers are still inspected.
    try {
      const { findings } = await adapter.inspectCredentials(backgroundWork())
      for (const { severity, message } of findings) log.warn({ provider: key, severity }, message)
    } catch (error) {
      log.warn({ provider: key, code: errorCodeOf(error) }, 'the credentials could not be inspected')
    }
  }
}
