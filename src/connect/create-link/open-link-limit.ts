import { ConflictError } from '../../domain/errors.ts'
import { countOpenLinks, releaseReservation, reserveLink } from '../../store/link-reservations.ts'
import type { ConnectContext } from '../context.ts'
import type { ValidatedLink } from './validate-link.ts'

/** Longer than any creation takes. A process that is killed leaves its reservations behind for so long. */
const reservationMs = 300_000

/**
 * Runs `create` with a reserved place among the end user's open links: those of all providers, and those that are being
 * created. `create` must release the reservation when it inserts the link. Throws ConflictError, and sends nothing to the
 * provider, if the end user has `maxOpenLinksPerEndUser` links.
 */
export async function withReservation<Result>(
  { db, now, maxOpenLinksPerEndUser: limit }: ConnectContext,
  { link, linkId }: { readonly link: ValidatedLink; readonly linkId: string },
  create: () => Promise<Result>,
): Promise<Result> {
  const at = now()
  const expiresAt = new Date(at.getTime() + reservationMs)
  const reservation = { ...planned(link, linkId), now: at, expiresAt, limit }
  if (!(await reserveLink(db, reservation))) throw tooMany(limit)
  // Caught only to release the reservation, then rethrown.
  try {
    return await create()
  } catch (error) {
    await releaseReservation(db, linkId).catch(() => undefined)
    throw error
  }
}

/** Throws the ConflictError that creating the link would, and reserves nothing. */
export async function checkOpenLinkLimit(
  { db, now, maxOpenLinksPerEndUser: limit }: ConnectContext,
  link: ValidatedLink,
): Promise<void> {
  if ((await countOpenLinks(db, planned(link, null), now())) >= limit) throw tooMany(limit)
}

const planned = <Id extends string | null>({ input, connection }: ValidatedLink, linkId: Id) => ({
  linkId,
  endUserId: input.endUser.id,
  connectionId: connection?.id ?? null,
})

const tooMany = (limit: number) =>
  new ConflictError(
    'TOO_MANY_OPEN_LINKS',
    `The end user has reached the maximum of ${limit} open connect links: complete or revoke one, or wait until one expires.`,
  )
