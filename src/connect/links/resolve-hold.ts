import { setTimeout as sleep } from 'node:timers/promises'
import { ProviderError } from '../../domain/provider-error.ts'
import type { TransitionSource } from '../../domain/statuses.ts'
import { findLinks, updateLink } from '../../store/connect-links.ts'
import type { Database } from '../../store/database.ts'
import { hashToken } from '../../store/encryption.ts'
import { findBrowsers } from '../../store/link-browsers.ts'
import { lockLink } from '../../store/link-history.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { browserStanding } from './browser-standing.ts'
import { codeFor, hashCode } from './confirmation-code.ts'
import { releaseHeldConnection } from './release-hold.ts'
import { isHeld } from './status.ts'

/** What a browser gets that has completed a link with the guard SAME_BROWSER. */
export type HoldResolution =
  /** The link is not held any more: it has completed, or ended. */
  | { readonly kind: 'resolved'; readonly link: ConnectLinkRow }
  /** The code to enter in the application. */
  | { readonly kind: 'code'; readonly link: ConnectLinkRow; readonly code: string }
  /** Another browser was involved: it is not known which of them completed the link. */
  | { readonly kind: 'refused'; readonly link: ConnectLinkRow }
  /** The provider could not be reached; the same request may succeed later. */
  | { readonly kind: 'retry'; readonly link: ConnectLinkRow }

/** How long the return of another browser is awaited: that of the person who completed the link follows at once. */
const graceMs = 2_000

/**
 * Decides about a held link for a browser that has returned from the provider, or, for a provider that does not redirect,
 * that has opened the link. A claimed browser releases the connection. Another one gets a code, if it is the only one.
 */
export async function resolveHold(
  context: ConnectContext,
  link: ConnectLinkRow,
  { browserToken, source }: { readonly browserToken: string; readonly source: TransitionSource },
): Promise<HoldResolution> {
  const { db, encryption, maxWaitMs, now } = context
  await sleep(Math.min(graceMs, maxWaitMs))
  const standingIn = async (database: Database) =>
    browserStanding(await findBrowsers(database, link.id), hashToken(browserToken))
  const standing = await standingIn(db)
  if (standing === 'UNKNOWN') return { kind: 'refused', link }
  if (standing === 'OTHER') {
    const code = codeFor(encryption, link.id, browserToken)
    const isShown = await db.transaction().execute(async (transaction) => {
      const locked = await lockLink(transaction, link.id)
      if (locked === undefined || !isHeld(locked, now()) || (await standingIn(transaction)) !== 'OTHER')
        return false
      await updateLink(transaction, link.id, { confirmationHash: hashCode(encryption, link.id, code) })
      return true
    })
    return isShown ? { kind: 'code', link, code } : { kind: 'resolved', link: await reload(context, link) }
  }
  // Caught: the connection stays held, and the browser repeats its request.
  try {
    await context.waitUntil(
      releaseHeldConnection(context, link, {
        source,
        reason: null,
        isAllowed: async (transaction) => (await standingIn(transaction)) === 'CLAIMED',
      }),
    )
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return { kind: 'retry', link }
  }
  return { kind: 'resolved', link: await reload(context, link) }
}

const reload = async ({ db }: ConnectContext, link: ConnectLinkRow): Promise<ConnectLinkRow> =>
  (await findLinks(db, [link.id]))[0] ?? link
