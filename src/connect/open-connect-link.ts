import { findLinkByToken, isOpen } from '../store/connect-links.ts'
import type { LinkStatus } from '../store/schema.ts'
import { hashToken } from '../store/secrets.ts'
import type { ConnectContext } from './context.ts'
import { providerUrl } from './link-url.ts'

export type OpenedDoor =
  | { readonly kind: 'redirect'; readonly to: string }
  | { readonly kind: 'ended'; readonly status: LinkStatus }
  | { readonly kind: 'unknown' }

/** Where the gateway's own link leads now. The door closes at the link's end, whether or not anybody has noted it. */
export async function openConnectLink(context: ConnectContext, token: string): Promise<OpenedDoor> {
  const link = await findLinkByToken(context.db, hashToken(token))
  if (link === undefined) return { kind: 'unknown' }
  if (!isOpen(link.status)) return { kind: 'ended', status: link.status }
  if (link.expires_at !== null && link.expires_at <= context.now())
    return { kind: 'ended', status: 'EXPIRED' }
  const to = providerUrl(link, context.secrets)
  return to === null ? { kind: 'unknown' } : { kind: 'redirect', to }
}
