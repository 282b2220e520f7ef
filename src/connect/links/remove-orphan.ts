import { errorCodeOf } from '../../domain/errors.ts'
import { detached } from '../../http/http-types.ts'
import type { RemoteConnection } from '../../providers/adapter.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { updateLink } from '../../store/connect-links.ts'
import { markDisconnected } from '../../store/connections.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'

export interface Orphan {
  readonly link: ConnectLinkRow
  readonly connection: RemoteConnection
  /** Of the connection's record. */
  readonly id: string
}

/**
 * Takes away what was made through a link that had been withdrawn. Where the provider cannot, the record says that
 * something is wrong; where it could not now, the next look at the link tries again.
 */
export async function removeOrphan(
  { db, now, log }: ConnectContext,
  { adapter, key }: ConfiguredProvider,
  { link, connection, id }: Orphan,
): Promise<void> {
  if (adapter.disconnect === undefined) return updateLink(db, link.id, { nextCheckAt: null })
  // Caught, because the record shows it until it works; the reader's signal is not used, since it may leave.
  try {
    await adapter.disconnect(connection, detached())
    await markDisconnected(db, id, now())
    await updateLink(db, link.id, { nextCheckAt: null })
  } catch (error) {
    log.warn(
      { provider: key, linkId: link.id, code: errorCodeOf(error) },
      'a connection of a withdrawn link could not be removed',
    )
  }
}
