import { NotFoundError } from '../../domain/errors.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { findLinks } from '../../store/connect-links.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { canAccess } from '../authorization.ts'
import type { ConnectContext } from '../context.ts'

/** A link by its ID. Throws NotFoundError if it does not exist or belongs to another end user. */
export async function getLinkOrThrow(
  { db }: ConnectContext,
  viewer: Viewer,
  id: string,
): Promise<ConnectLinkRow> {
  const [link] = await findLinks(db, [id])
  if (link === undefined || !canAccess(viewer, link.endUserId))
    throw new NotFoundError('There is no such link.')
  return link
}
