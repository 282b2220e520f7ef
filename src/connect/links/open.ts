import type { Provider } from '../../providers/provider-registry.ts'
import { findLinkByToken, recordVisit } from '../../store/connect-links.ts'
import { hashToken } from '../../store/encryption.ts'
import { recordBrowser } from '../../store/link-browsers.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { providerUrl } from './link-url.ts'
import { isEnded } from './status.ts'
import { recordReopening, transitionLink } from './transition-link.ts'

/** What the token of a gateway URL refers to. */
export type ResolvedLink =
  | {
      readonly kind: 'open'
      readonly link: ConnectLinkRow
      readonly provider: Provider
      readonly connectorName: string
      /** The provider's own URL, to redirect to. */
      readonly url: string
    }
  /** `link.status` is the effective status: EXPIRED after `expiresAt`, even if that is not recorded yet. */
  | { readonly kind: 'ended'; readonly link: ConnectLinkRow; readonly provider: Provider }
  /** Its connection is held back. */
  | { readonly kind: 'held'; readonly link: ConnectLinkRow; readonly provider: Provider }
  | { readonly kind: 'unknown' }

/** Read-only: link previews, scanners and prefetches request the URL too. */
export async function resolveConnectLink(context: ConnectContext, token: string): Promise<ResolvedLink> {
  const link = await findLinkByToken(context.db, 'tokenHash', hashToken(token))
  if (link === undefined) return { kind: 'unknown' }
  const provider = context.providers.get(link.provider)
  if (isEnded(link.status)) return { kind: 'ended', link, provider }
  if (link.heldUntil !== null) return { kind: 'held', link, provider }
  const isOver = link.expiresAt !== null && link.expiresAt <= context.now()
  if (isOver) return { kind: 'ended', link: { ...link, status: 'EXPIRED' }, provider }
  const to = providerUrl(link, context.encryption)
  if (to === null) return { kind: 'unknown' }
  const connector = context.catalogue.connectorOf(link)
  return { kind: 'open', link, provider, url: to, connectorName: connector?.name ?? link.connectorKey }
}

/**
 * Records that the end user opens the link, for the first time or for another attempt. `browserToken`: the browser's cookie
 * for a link with the guard SAME_BROWSER. `false`: it has ended since.
 */
export async function markOpened(
  context: ConnectContext,
  link: ConnectLinkRow,
  browserToken: string | null = null,
): Promise<boolean> {
  const at = context.now()
  const source = 'HOSTED_PAGE' as const
  return context.db.transaction().execute(async (transaction) => {
    if (browserToken !== null) {
      const browser = { linkId: link.id, browserHash: hashToken(browserToken), openedAt: at }
      await recordBrowser(transaction, browser)
    }
    const step = { toStatus: 'OPENED', at, source, reason: null } as const
    if (await transitionLink(transaction, link.id, step)) return true
    await recordReopening(transaction, link.id, { at, source })
    return recordVisit(transaction, link.id, at)
  })
}
