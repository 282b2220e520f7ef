import { z } from 'zod'
import { isNotFound } from '../../http/error-response.ts'
import type { HttpClient, RequestContext } from '../../http/http-types.ts'
import type { LinkProgress } from '../adapter.ts'
import { connectionDeleted } from '../link-failure.ts'
import { parseDate } from '../parse-date.ts'
import type { TestedConnection } from './connection.ts'
import { connectionMissing, type LinkResponse, linkResponse } from './link.ts'

/** The `providerState` of a reconnect link. `testedAt`: last test of the connection before the link was created. */
export const reconnectState = z.object({ remoteId: z.string(), testedAt: z.string().nullable() })
type ReconnectState = z.output<typeof reconnectState>

export const toReconnectState = ({ connection, testedAt }: TestedConnection): ReconnectState => ({
  remoteId: connection.remoteId,
  testedAt: testedAt?.toISOString() ?? null,
})

/** Creates a link that reauthorizes a connection. `path` differs by kind of connection. */
export async function createReconnectLink(
  http: HttpClient,
  link: { readonly path: string; readonly remoteId: string; readonly redirectUri: string },
  call: RequestContext,
): Promise<LinkResponse> {
  const { path, remoteId, redirectUri } = link
  const { data } = await http.send(
    {
      method: 'POST',
      path,
      body: { redirect_uri: redirectUri },
      responseSchema: linkResponse,
      purpose: 'make a connect link for a connection',
      onNotFound: (response) => (isNotFound(response) ? connectionMissing(remoteId) : undefined),
    },
    call,
  )
  return data
}

/** The progress of a reconnect link according to its connection; `null`: the link itself has to be read. */
export function reconnectProgress(
  providerState: ReconnectState,
  current: TestedConnection | null,
): LinkProgress | null {
  if (current === null) return connectionDeleted
  const { connection, testedAt } = current
  const before = parseDate(providerState.testedAt)
  // INFERRED as described at `TestedConnection`: reauthorization moves the time of the last test. A failed test leaves the
  // link open.
  const isTestedSince = testedAt !== null && (before === null || testedAt > before)
  return isTestedSince && connection.health !== 'NEEDS_REAUTH' ? { kind: 'completed', connection } : null
}
