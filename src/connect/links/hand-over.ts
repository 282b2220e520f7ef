import { ConflictError, InvalidInputError } from '../../domain/errors.ts'
import type { TransitionSource } from '../../domain/statuses.ts'
import { toPlainText } from '../../domain/valid-text.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { hashToken, newToken } from '../../store/encryption.ts'
import { findLastHandOver, insertHandOver } from '../../store/hand-overs.ts'
import { lockLink } from '../../store/link-history.ts'
import type { ConnectLinkRow, LinkHandOverRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { requireWithinLimits } from '../session-limits.ts'
import { getLinkOrThrow } from './get-link.ts'
import { handOverProblem, handOverUrl, isActive, maxHandOvers } from './hand-over-state.ts'
import { encryptionContext } from './link-url.ts'
import { recordEntry } from './transition-link.ts'

/** Characters of a message, and of the reason for declining. */
export const maxMessageLength = 300
export const maxRequesterLength = 100

export interface HandOverInput {
  /** For the colleague; plain text. */
  readonly message: string | null
  /** Shown to the colleague if the link has neither a name nor an email address of its end user. */
  readonly requesterName: string | null
  /** Default: the remaining lifetime of the link, which is also the longest. */
  readonly expiresInSeconds: number | null
}

export interface HandedOver {
  readonly connectLink: ConnectLinkRow
  readonly handOver: LinkHandOverRow
  /** The colleague's address. */
  readonly url: string
}

interface Origin {
  readonly source: Extract<TransitionSource, 'API_CALL' | 'HOSTED_PAGE'>
  /** The cookie of the browser of a page; `null` for a call of the API. */
  readonly browserToken: string | null
}

/**
 * Hands a link over for the caller of the API. Throws NotFoundError, InvalidInputError or ConflictError: INVALID_STATE if the
 * link has ended, is held, is handed over already or has the guard SAME_BROWSER, or after five hand-overs.
 */
export async function handOverConnectLink(
  context: ConnectContext,
  viewer: Viewer,
  { id, input }: { readonly id: string; readonly input: HandOverInput },
): Promise<HandedOver> {
  const issues = [
    ...lengthIssue('message', input.message, maxMessageLength),
    ...lengthIssue('requesterName', input.requesterName, maxRequesterLength),
    ...((input.expiresInSeconds ?? 1) < 1
      ? [{ path: ['input', 'expiresInSeconds'], message: 'must be at least 1' }]
      : []),
  ]
  if (issues.length > 0) throw new InvalidInputError(issues)
  const link = await getLinkOrThrow(context, viewer, id)
  requireWithinLimits(viewer, context, link)
  return handOver(context, link.id, { input, origin: { source: 'API_CALL', browserToken: null } })
}

const lengthIssue = (name: string, text: string | null, max: number) =>
  [...(text ?? '')].length <= max
    ? []
    : [{ path: ['input', name], message: `must have at most ${max} characters` }]

/**
 * Gives the link a second address, for a colleague: the first one leads nowhere until the colleague's is over. Texts are cut
 * to their longest length. Throws ConflictError as `handOverConnectLink`.
 */
export async function handOver(
  context: ConnectContext,
  linkId: string,
  { input, origin }: { readonly input: HandOverInput; readonly origin: Origin },
): Promise<HandedOver> {
  const { db, now } = context
  const created = await db.transaction().execute(async (transaction) => {
    const link = await lockLink(transaction, linkId)
    const at = now()
    const last = await findLastHandOver(transaction, linkId)
    const problem = link === undefined ? 'The link does not exist.' : handOverProblem(link, at)
    if (problem !== null || link === undefined) throw new ConflictError('INVALID_STATE', problem ?? '')
    if (last !== undefined && isActive(last, at))
      throw new ConflictError('INVALID_STATE', 'The link is handed over already: take it back first.')
    if (last !== undefined && last.number >= maxHandOvers)
      throw new ConflictError('INVALID_STATE', `A link can be handed over ${maxHandOvers} times.`)
    const row = toRow(context, link, { input, origin, number: (last?.number ?? 0) + 1, at })
    await insertHandOver(transaction, row)
    await recordEntry(transaction, link, { at, source: origin.source, reason: 'HANDED_OVER' })
    return { connectLink: link, handOver: row }
  })
  return { ...created, url: handOverUrl(created.handOver, context) }
}

interface NewHandOver {
  readonly input: HandOverInput
  readonly origin: Origin
  readonly number: number
  readonly at: Date
}

function toRow(
  { encryption }: ConnectContext,
  link: ConnectLinkRow,
  { input, origin: { browserToken }, number, at }: NewHandOver,
): LinkHandOverRow {
  const token = newToken()
  return {
    linkId: link.id,
    number,
    tokenHash: hashToken(token),
    tokenEncrypted: encryption.encrypt(token, encryptionContext(link.id, `hand-over-${number}`)),
    browserHash: browserToken === null ? null : hashToken(browserToken),
    requesterName: toPlainText(input.requesterName ?? '', maxRequesterLength),
    message: toPlainText(input.message ?? '', maxMessageLength),
    createdAt: at,
    expiresAt: expiryOf(link, input.expiresInSeconds, at),
    openedAt: null,
    endedAt: null,
    endReason: null,
    declineReason: null,
  }
}

function expiryOf({ expiresAt }: ConnectLinkRow, seconds: number | null, at: Date): Date | null {
  if (seconds === null) return expiresAt
  const requested = new Date(at.getTime() + seconds * 1000)
  return expiresAt !== null && expiresAt < requested ? expiresAt : requested
}
