import { inspect } from 'node:util'
import type { LinkProgress, RemoteConnection } from '../../src/providers/adapter.ts'
import { call, type Opened } from './open.ts'

/** A connection as an end user makes it. */
export async function connected({ adapter, openLink, decide }: Opened): Promise<RemoteConnection> {
  const { url, link } = await openLink()
  await decide(url, 'approve')
  return onlyConnection(await adapter.checkLink(link, call))
}

/** The connection that a link has made, whether the provider says so or it is the only one to come into question. */
export function onlyConnection(progress: LinkProgress): RemoteConnection {
  if (progress.kind === 'completed') return progress.connection
  if (progress.kind === 'candidates' && progress.connections.length === 1) {
    const [only] = progress.connections
    if (only) return only
  }
  throw new Error(`the link is not completed: ${inspect(progress)}`)
}
