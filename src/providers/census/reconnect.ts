import { z } from 'zod'
import { saysAbsent } from '../../http/error-response.ts'
import type { Call, HttpClient } from '../../http/http-types.ts'
import type { LinkProgress } from '../adapter.ts'
import { readDate } from '../parse-date.ts'
import type { TestedConnection } from './connection.ts'
import { connectionMissing, type LinkAnswer, linkAnswer } from './link.ts'

/** What a reconnect link remembers: which connection, and when it was last tested before. */
export const reconnectMemo = z.object({ remoteId: z.string(), testedAt: z.string().nullable() })
type ReconnectMemo = z.output<typeof reconnectMemo>

export const toReconnectMemo = ({ connection, testedAt }: TestedConnection): ReconnectMemo => ({
  remoteId: connection.remoteId,
  testedAt: testedAt?.toISOString() ?? null,
})

/** Asks for a link that authorises a connection anew; where, differs from kind to kind. */
export async function askForReconnectLink(
  http: HttpClient,
  wanted: { readonly path: string; readonly remoteId: string; readonly redirectUri: string },
  call: Call,
): Promise<LinkAnswer> {
  const { path, remoteId, redirectUri } = wanted
  const { data } = await http.send(
    {
      method: 'POST',
      path,
      body: { redirect_uri: redirectUri },
      answer: linkAnswer,
      purpose: 'make a connect link for a connection',
      missing: (refusal) => (saysAbsent(refusal) ? connectionMissing(remoteId) : undefined),
    },
    call,
  )
  return data
}

/** Where a reconnect link stands by its connection; `null`: only the link itself can tell. */
export function progressOf(memo: ReconnectMemo, found: TestedConnection | null): LinkProgress | null {
  if (found === null) return { kind: 'ended', status: 'FAILED', reason: 'DELETED_AT_PROVIDER' }
  const { connection, testedAt } = found
  const before = readDate(memo.testedAt)
  // Authorising anew ends with a test; one that fails leaves the link as it was.
  const isTestedSince = testedAt !== null && (before === null || testedAt > before)
  return isTestedSince && connection.health !== 'NEEDS_REAUTH' ? { kind: 'completed', connection } : null
}
