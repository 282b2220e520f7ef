import { NotFoundError } from '../../domain/errors.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { findLinks } from '../../store/connect-links.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { canReadLink, readAs } from '../authorization.ts'
import type { ConnectContext } from '../context.ts'

/** A link by its ID. Throws NotFoundError if it does not exist or the caller may not read it. */
export async function getLinkOrThrow(
  { db }: ConnectContext,
  viewer: Viewer,
  id: string,
): Promise<ConnectLinkRow> {
  const [link] = await readAs(db, viewer, (reader) => findLinks(reader, [id]))
  if (link === undefined || !canReadLink(viewer, link)) throw new NotFoundError('There is no such link.')
  return link
}
