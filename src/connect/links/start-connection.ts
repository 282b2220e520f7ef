import { errorCodeOf } from '../../domain/errors.ts'
import type { RequestContext } from '../../http/http-types.ts'
import type { RemoteConnection } from '../../providers/adapter.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'

export interface ConnectionStart {
  readonly link: ConnectLinkRow
  readonly connection: RemoteConnection
  readonly call: RequestContext
}

/**
 * Returns the started connection, the unchanged one if the provider rejects the start, and `undefined` if a retry may
 * succeed.
 */
export async function startConnection(
  { log }: Pick<ConnectContext, 'log'>,
  { adapter, key }: ConfiguredProvider,
  { link, connection, call }: ConnectionStart,
): Promise<RemoteConnection | undefined> {
  if (link.purpose === 'RECONNECT') return connection
  // Caught, because the connection exists even if it cannot be started.
  try {
    return (await adapter.startConnection?.(connection, link.providerState, call)) ?? connection
  } catch (error) {
    const code = errorCodeOf(error)
    log.warn({ provider: key, linkId: link.id, code }, 'a completed connection could not be started')
    return code === 'PROVIDER_REJECTED' || code === 'PROVIDER_UNAUTHORIZED' ? connection : undefined
  }
}
