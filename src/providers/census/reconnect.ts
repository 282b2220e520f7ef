import { z } from 'zod'
import { isNotFound } from '../../http/error-response.ts'
import type { HttpClient, RequestContext } from '../../http/http-types.ts'
import type { LinkProgress } from '../adapter.ts'
import { parseDate } from '../parse-date.ts'
import type { TestedConnection } from './connection.ts'
import { connectionMissing, type LinkAnswer, linkAnswer } from './link.ts'

/** What a reconnect link remembers: which connection, and when it was last tested before. */
export const reconnectState = z.object({ remoteId: z.string(), testedAt: z.string().nullable() })
type ReconnectState = z.output<typeof reconnectState>

export const toReconnectState = ({ connection, testedAt }: TestedConnection): ReconnectState => ({
  remoteId: connection.remoteId,
  testedAt: testedAt?.toISOString() ?? null,
})

/** Asks for a link that authorises a connection anew; where, differs from kind to kind. */
export async function requestReconnectLink(
  http: HttpClient,
  wanted: { readonly path: string; readonly remoteId: string; readonly redirectUri: string },
  call: RequestContext,
): Promise<LinkAnswer> {
  const { path, remoteId, redirectUri } = wanted
  const { data } = await http.send(
    {
      method: 'POST',
      path,
      body: { redirect_uri: redirectUri },
      responseSchema: linkAnswer,
      purpose: 'make a connect link for a connection',
      onNotFound: (response) => (isNotFound(response) ? connectionMissing(remoteId) : undefined),
    },
    call,
  )
  return data
}

/** Where a reconnect link stands by its connection; `null`: only the link itself can tell. */
export function progressOf(
  providerState: ReconnectState,
  found: TestedConnection | null,
): LinkProgress | null {
  if (found === null) return { kind: 'ended', status: 'FAILED', reason: 'DELETED_AT_PROVIDER' }
  const { connection, testedAt } = found
  const before = parseDate(providerState.testedAt)
  // Authorising anew ends with a test; one that fails leaves the link as it was.
  const isTestedSince = testedAt !== null && (before === null || testedAt > before)
  return isTestedSince && connection.health !== 'NEEDS_REAUTH' ? { kind: 'completed', connection } : null
}
