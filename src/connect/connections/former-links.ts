import { ProviderError } from '../../domain/provider-error.ts'
import type { RequestContext } from '../../http/http-types.ts'
import type { RemoteConnection } from '../../providers/adapter.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { adoptLinks, findOpenLinkAccounts, findOpenLinks } from '../../store/adopt-links.ts'
import type { Database } from '../../store/database.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { toAdapterLink } from '../links/to-adapter-link.ts'

/**
 * The open links that the provider's account may have with another API key. A connection that both keys list proves that
 * the account is the same; before the first connection, only a link can. One such link is enough for all links of its
 * account key, whether or not a gateway still uses that key: both can complete them.
 */
export async function findFormerLinks(db: Database, provider: ConfiguredProvider) {
  const { key, accountKey, adapter, isFormerAccount } = provider
  const links: ConnectLinkRow[] = []
  if (adapter.recognizesLink) {
    for (const former of (await findOpenLinkAccounts(db, key)).filter(isFormerAccount))
      links.push(...(await findOpenLinks(db, former, triedLinks)))
  }
  const connectorKeys = new Set(links.map((link) => link.connectorKey))
  const listed: RemoteConnection[] = []

  return {
    /** Remembers the connections of a page that can have been made through the links. */
    add(connections: readonly RemoteConnection[]): void {
      listed.push(...connections.filter((connection) => connectorKeys.has(connection.connectorKey)))
    },
    /** Moves the links of each account key of which the account recognizes one. */
    async adopt(call: RequestContext): Promise<void> {
      const recognized = new Set<string>()
      for (const link of links) {
        if (recognized.has(link.accountKey)) continue
        const ofConnector = listed.filter(({ connectorKey }) => connectorKey === link.connectorKey)
        if (await recognizes(provider, { link, listed: ofConnector, call })) recognized.add(link.accountKey)
      }
      if (recognized.size > 0) await adoptLinks(db, { accountKey, formerAccounts: [...recognized] })
    },
  }
}

/** Of each account key and in each sync: a key of another account must not cost more requests. */
const triedLinks = 50

interface Question {
  readonly link: ConnectLinkRow
  readonly listed: readonly RemoteConnection[]
  readonly call: RequestContext
}

async function recognizes({ adapter }: ConfiguredProvider, { link, listed, call }: Question) {
  // Another account's link may be refused with any error, which the HTTP client has logged: the sync must not fail.
  try {
    return (await adapter.recognizesLink?.(toAdapterLink(link, null), listed, call)) ?? false
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return false
  }
}
