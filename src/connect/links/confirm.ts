import { createHash, timingSafeEqual } from 'node:crypto'
import { ConflictError, InvalidInputError } from '../../domain/errors.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { updateLink } from '../../store/connect-links.ts'
import { lockLink } from '../../store/link-history.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectContext } from '../context.ts'
import { codeVerifierSchema } from '../input-schemas.ts'
import { requireWithinLimits } from '../session-limits.ts'
import { matchesCode } from './confirmation-code.ts'
import { endLink } from './end-link.ts'
import { getLinkOrThrow } from './get-link.ts'
import { releaseHeldConnection } from './release-hold.ts'
import { isEnded, isHeld } from './status.ts'

const maxAttempts = 5

export interface Confirmation {
  readonly linkId: string
  /** The six digits that a page of the gateway has shown; for the guard SAME_BROWSER. */
  readonly code: string | null
  /** The verifier of the link's code challenge; for the guard CONFIRM. */
  readonly codeVerifier: string | null
}

/**
 * Gives the held connection to the end user of its link. Returns the link, also if it has completed already. Throws
 * NotFoundError, InvalidInputError, ConflictError (CODE_MISMATCH with the attempts left; the last one ends the link), or
 * ProviderError if the provider has to start the connection and cannot be reached.
 */
export async function confirmConnectLink(
  context: ConnectContext,
  viewer: Viewer,
  confirmation: Confirmation,
): Promise<ConnectLinkRow> {
  const link = await getLinkOrThrow(context, viewer, confirmation.linkId)
  requireWithinLimits(viewer, context, link)
  const secret = secretOf(link, confirmation)
  const attemptsLeft = link.status === 'COMPLETED' ? null : await checkSecret(context, link, secret)
  if (attemptsLeft === 0) {
    const failure = { code: 'NOT_CONFIRMED', message: null } as const
    await endLink(context, link, {
      toStatus: 'FAILED',
      source: 'API_CALL',
      reason: 'TOO_MANY_ATTEMPTS',
      failure,
    })
  }
  if (attemptsLeft !== null) throw new ConflictError('CODE_MISMATCH', messageFor(attemptsLeft), attemptsLeft)
  if (link.status !== 'COMPLETED')
    await context.waitUntil(releaseHeldConnection(context, link, { source: 'API_CALL', reason: 'CONFIRMED' }))
  const current = await getLinkOrThrow(context, viewer, link.id)
  if (current.status !== 'COMPLETED') throw notHeld(current)
  return current
}

const messageFor = (attemptsLeft: number) =>
  attemptsLeft === 0
    ? 'That is not the code. The link has ended: create a new one.'
    : `That is not the code. Attempts left: ${attemptsLeft}.`

/** The argument that the guard of the link needs. Throws InvalidInputError if it is absent, malformed or another one. */
function secretOf({ guard }: ConnectLinkRow, { code, codeVerifier }: Confirmation): string {
  if (guard === 'NONE')
    throw new ConflictError('INVALID_STATE', 'The link has no guard: there is nothing to confirm.')
  const [name, value, other, otherValue] =
    guard === 'CONFIRM'
      ? (['codeVerifier', codeVerifier, 'code', code] as const)
      : (['code', code, 'codeVerifier', codeVerifier] as const)
  const problem = value === null ? 'is required' : problemOf(name, value)
  const issues = [
    ...(problem === null ? [] : [{ path: [name], message: `${problem} (guard ${guard})` }]),
    ...(otherValue === null ? [] : [{ path: [other], message: `is not for the guard ${guard}` }]),
  ]
  if (value === null || issues.length > 0) throw new InvalidInputError(issues)
  return value
}

function problemOf(name: 'code' | 'codeVerifier', value: string): string | null {
  if (name === 'code') return /^\d{6}$/.test(value) ? null : 'must have six digits'
  return codeVerifierSchema.safeParse(value).error?.issues[0]?.message ?? null
}

/** Compares the secret in constant time, and counts a wrong one. `null`: it is right; else the attempts left. */
function checkSecret(
  { db, encryption, now }: ConnectContext,
  { id }: ConnectLinkRow,
  secret: string,
): Promise<number | null> {
  return db.transaction().execute(async (transaction) => {
    const link = await lockLink(transaction, id)
    if (link === undefined || !isHeld(link, now())) throw notHeld(link)
    const attempts = link.confirmationAttempts + 1
    const isRight =
      link.guard === 'CONFIRM'
        ? matchesChallenge(secret, link.codeChallenge ?? '')
        : matchesCode(encryption, link, secret)
    if (isRight && attempts <= maxAttempts) return null
    await updateLink(transaction, id, { confirmationAttempts: attempts })
    return Math.max(0, maxAttempts - attempts)
  })
}

/** S256 of RFC 7636: BASE64URL(SHA256(verifier)) = challenge. */
function matchesChallenge(verifier: string, challenge: string): boolean {
  const hash = createHash('sha256').update(verifier).digest()
  const expected = Buffer.from(challenge, 'base64url')
  return expected.length === hash.length && timingSafeEqual(hash, expected)
}

const notHeld = (link: ConnectLinkRow | undefined) =>
  new ConflictError(
    'INVALID_STATE',
    link === undefined || isEnded(link.status)
      ? `The link has ended${link ? ` as ${link.status}` : ''}.`
      : 'The link is not awaiting a confirmation.',
  )
