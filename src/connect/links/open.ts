import type { Provider } from '../../providers/provider-registry.ts'
import { findLinkByToken, findLinks, recordVisit } from '../../store/connect-links.ts'
import type { Database } from '../../store/database.ts'
import { hashToken } from '../../store/encryption.ts'
import { findHandOverByToken, findLastHandOver } from '../../store/hand-overs.ts'
import { recordBrowser } from '../../store/link-browsers.ts'
import { lockLink } from '../../store/link-history.ts'
import type { ConnectLinkRow, LinkHandOverRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { activeHandOver, isActive, isOverForColleague } from './hand-over-state.ts'
import { providerUrl } from './link-url.ts'
import { isEnded } from './status.ts'
import { recordReopening, transitionLink } from './transition-link.ts'

/** What the token of a gateway URL refers to. */
export type ResolvedLink =
  | ({
      readonly kind: 'open'
      readonly link: ConnectLinkRow
      readonly provider: Provider
      readonly connectorName: string
      /** The provider's own URL, to redirect to. */
      readonly url: string
    } & Visitor)
  /** `link.status` is the effective status: EXPIRED after `expiresAt`, even if that is not recorded yet. */
  | ({ readonly kind: 'ended'; readonly link: ConnectLinkRow; readonly provider: Provider } & Visitor)
  /** Its provider is suspended: it cannot be opened at the moment. */
  | ({ readonly kind: 'suspended'; readonly link: ConnectLinkRow; readonly provider: Provider } & Visitor)
  /** Its connection is held back. */
  | ({ readonly kind: 'held'; readonly link: ConnectLinkRow; readonly provider: Provider } & Visitor)
  /** The end user's own address while a colleague has the link. */
  | ({ readonly kind: 'handed-over' } & HandedOverLink)
  /** The address of a colleague whose hand-over is over. */
  | ({ readonly kind: 'withdrawn' } & HandedOverLink)
  | { readonly kind: 'unknown' }

interface HandedOverLink {
  readonly link: ConnectLinkRow
  readonly provider: Provider
  readonly handOver: LinkHandOverRow
}

/** Whose address it is. */
interface Visitor {
  /** The hand-over of the colleague's address; `null`: it is the end user's own address. */
  readonly colleague: LinkHandOverRow | null
  /** Of the end user's own address: the latest hand-over, which is over; `null`: there was none. */
  readonly lastHandOver: LinkHandOverRow | null
}

/** Read-only: link previews, scanners and prefetches request the URL too. */
export async function resolveConnectLink(context: ConnectContext, token: string): Promise<ResolvedLink> {
  const { db, now, providers, catalogue, encryption } = context
  const found = await findByAnyToken(db, hashToken(token))
  if (found === undefined) return { kind: 'unknown' }
  const { link, colleague } = found
  const provider = providers.get(link.provider)
  const connectorName = catalogue.connectorOf(link)?.name ?? link.connectorKey
  const visitor = { colleague, lastHandOver: null }
  if (colleague !== null && isOverForColleague(colleague, link, now()))
    return { kind: 'withdrawn', link, provider, handOver: colleague }
  if (isEnded(link.status)) return { kind: 'ended', link, provider, ...visitor }
  const isOver = link.heldUntil === null && link.expiresAt !== null && link.expiresAt <= now()
  if (isOver) return { kind: 'ended', link: { ...link, status: 'EXPIRED' }, provider, ...visitor }
  if (link.heldUntil !== null) return { kind: 'held', link, provider, ...visitor }
  const lastHandOver = colleague === null ? ((await findLastHandOver(db, link.id)) ?? null) : null
  if (lastHandOver !== null && isActive(lastHandOver, now()))
    return { kind: 'handed-over', link, provider, handOver: lastHandOver }
  const account = { key: link.provider, accountKey: link.accountKey }
  if (await context.suspensions.isSuspended(account))
    return { kind: 'suspended', link, provider, colleague, lastHandOver }
  const url = providerUrl(link, encryption)
  if (url === null) return { kind: 'unknown' }
  return { kind: 'open', link, provider, url, connectorName, colleague, lastHandOver }
}

/** The link of the end user's own address, or of a colleague's. */
export async function findByAnyToken(
  db: Database,
  tokenHash: string,
): Promise<{ readonly link: ConnectLinkRow; readonly colleague: LinkHandOverRow | null } | undefined> {
  const own = await findLinkByToken(db, 'tokenHash', tokenHash)
  if (own !== undefined) return { link: own, colleague: null }
  const colleague = await findHandOverByToken(db, tokenHash)
  const [link] = colleague === undefined ? [] : await findLinks(db, [colleague.linkId])
  return colleague && link && { link, colleague }
}

interface Visit extends Pick<Visitor, 'colleague'> {
  /** The browser's cookie for a link with the guard SAME_BROWSER. */
  readonly browserToken: string | null
}

/**
 * Records that the visitor opens the link, for the first time or for another attempt. `false`: it has ended since, or was
 * handed over or taken back.
 */
export async function markOpened(
  context: ConnectContext,
  link: ConnectLinkRow,
  { browserToken = null, colleague = null }: Partial<Visit> = {},
): Promise<boolean> {
  const at = context.now()
  const source = colleague === null ? 'HOSTED_PAGE' : 'COLLEAGUE'
  return context.db.transaction().execute(async (transaction) => {
    await lockLink(transaction, link.id)
    const active = await activeHandOver({ ...context, db: transaction }, link.id)
    if (active?.number !== colleague?.number) return false
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
