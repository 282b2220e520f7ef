import type { ServerResponse } from 'node:http'
import { isEnded } from '../../connect/links/status.ts'
import { type LinkSnapshot, watchLink } from '../../connect/links/watch-links.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { findLinkByToken, type TokenColumn } from '../../store/connect-links.ts'
import { hashToken } from '../../store/encryption.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { sendJson } from '../send-json.ts'
import { privateHeaders } from './page.ts'
import { resultText } from './page-text.ts'
import type { PagesContext } from './pages-context.ts'
import { redirectBack } from './redirect-back.ts'

/** Proxies and browsers give up on a line that is silent for long. */
const heartbeatMs = 15_000

/** What the pages of the door and of the way back listen to, each by its own token. */
export async function answerEvents(
  site: PagesContext,
  { column, token }: { readonly column: TokenColumn; readonly token: string },
  response: ServerResponse,
): Promise<void> {
  const link = await findLinkByToken(site.connect.db, column, hashToken(token))
  if (link === undefined) sendJson(response, 404, { status: 'not found' })
  else await streamStatus(site, link, response)
}

/** Tells a waiting page each status of its link as it comes, and on the end where to go; `response` is taken until then. */
export async function streamStatus(
  site: PagesContext,
  link: ConnectLinkRow,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const signal = AbortSignal.any([gone.signal, site.connect.shutdownSignal])
  response.writeHead(200, {
    ...privateHeaders,
    'content-type': 'text/event-stream; charset=utf-8',
    'x-accel-buffering': 'no', // some proxies would collect it
  })
  // After how long a browser comes back when the line is cut.
  response.write('retry: 2000\n\n')
  const heartbeat = setInterval(() => response.write(':\n\n'), heartbeatMs)
  try {
    if (signal.aborted) return
    for await (const at of watchLink(site.connect, ownerOf(link), { linkId: link.id, signal })) {
      const news = { status: at.status, ...(isEnded(at.status) && (await ending(site, at))) }
      response.write(`event: status\ndata: ${JSON.stringify(news)}\n\n`)
    }
  } finally {
    clearInterval(heartbeat)
    response.end()
  }
}

/** Where the page goes on to, and what it says when there is no such place. */
async function ending({ connect }: PagesContext, link: LinkSnapshot) {
  const { address } = await redirectBack(connect, link, 'success')
  return { goTo: address, ...resultText(link.status) }
}

/** Whoever holds the token of a link watches it as the person whom it was made for. */
const ownerOf = ({ endUserId, endUserName, endUserEmail }: ConnectLinkRow): Viewer => ({
  kind: 'END_USER',
  name: endUserName,
  scopes: ['links:read'],
  endUser: { id: endUserId, name: endUserName, email: endUserEmail },
  limits: null,
  expiresAt: null,
})
