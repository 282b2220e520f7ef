import { inspect } from 'node:util'
import type { LinkProgress, RemoteConnection } from '../../src/providers/adapter.ts'
import { call, type TestProvider } from './open.ts'

/** Creates a connection through an approved link. */
export async function createConnection({
  adapter,
  openLink,
  decide,
}: TestProvider): Promise<RemoteConnection> {
  const { url, link } = await openLink()
  await decide(url, 'approve')
  return onlyConnection(await adapter.checkLink(link, call))
}

/** The connection that a link has created: the reported one or the only candidate. Throws if there is none. */
export function onlyConnection(progress: LinkProgress): RemoteConnection {
  if (progress.kind === 'completed') return progress.connection
  if (progress.kind === 'candidates' && progress.connections.length === 1) {
    const [only] = progress.connections
    if (only) return only
  }
  throw new Error(`the link is not completed: ${inspect(progress)}`)
}
