import type { ServerResponse } from 'node:http'
import { isEnded } from '../../connect/links/status.ts'
import { type LinkSnapshot, watchLink } from '../../connect/links/watch-links.ts'
import { oncePerEvent } from '../../connect/util/once-per-event.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { childSignal } from '../../http/child-signal.ts'
import { findLinkByToken, type TokenColumn } from '../../store/connect-links.ts'
import { hashToken } from '../../store/encryption.ts'
import { endUserOfLink } from '../../store/end-user-columns.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { networkOf } from '../client-address.ts'
import { startHeartbeat } from '../heartbeat.ts'
import { sendJson } from '../send-json.ts'
import { privateHeaders } from './page.ts'
import { resultText } from './page-text.ts'
import { type LinkView, linkView } from './page-view.ts'
import type { PagesContext } from './pages-context.ts'
import { redirectBack } from './redirect-back.ts'

/**
 * Serves the server-sent events of the link page and of the return page; each page has its own token. 404 for an
 * unknown one.
 */
export async function serveStatusStream(
  pages: PagesContext,
  { column, token }: { readonly column: TokenColumn; readonly token: string },
  response: ServerResponse,
): Promise<void> {
  const link = await findLinkByToken(pages.connect.db, column, hashToken(token))
  if (link === undefined) sendJson(response, 404, { status: 'not found' })
  else await streamStatus(pages, link, response)
}

/**
 * Sends each status of the link as a server-sent event, the last one with the redirect URL and the result texts. Ends
 * the response when the link has ended, or when the gateway shuts down. 429 if the end user or the client's address has
 * too many streams.
 */
export async function streamStatus(
  pages: PagesContext,
  link: ConnectLinkRow,
  response: ServerResponse,
): Promise<void> {
  const release = pages.connect.streamLimit.acquire(
    link.endUserId,
    networkOf(pages.clientOf(response.req).address),
  )
  if (release === null) return sendJson(response, 429, { status: 'too many streams' })
  const disconnected = new AbortController()
  response.once('close', () => disconnected.abort())
  const { signal, detach } = childSignal(disconnected.signal, pages.connect.shutdownSignal)
  // Not an argument of `writeHead`: the shutdown recognizes event streams by it.
  response.setHeader('content-type', 'text/event-stream; charset=utf-8')
  response.writeHead(200, {
    ...privateHeaders,
    'x-accel-buffering': 'no', // some proxies would buffer the stream
  })
  // Delay before the browser reconnects: 2 s.
  response.write('retry: 2000\n\n')
  const stopHeartbeat = startHeartbeat(response)
  try {
    if (signal.aborted) return
    const view = await linkView(pages, response.req, link)
    for await (const snapshot of watchLink(pages.connect, ownerOf(link), { linkId: link.id, signal })) {
      const { status, heldUntil } = snapshot
      const event = {
        status,
        ...(heldUntil !== null && { isHeld: true }),
        ...(isEnded(status) && (await resultOf(pages, view, snapshot))),
      }
      response.write(`event: status\ndata: ${JSON.stringify(event)}\n\n`)
    }
  } finally {
    stopHeartbeat()
    detach()
    release()
    response.end()
  }
}

/** The redirect URL, and the texts to show if there is none. */
const resultOf = async (pages: PagesContext, view: LinkView, link: LinkSnapshot) => ({
  goTo: await returnUrlOf(pages, link),
  ...resultText(link.status, view),
})

/** Streams of one link differ in their language only. */
const returnUrlOf = oncePerEvent(async ({ connect }: PagesContext, link: LinkSnapshot) => {
  const { url } = await redirectBack(connect, link, 'success')
  return url
})

/** The holder of a link's token watches it with the permissions of the link's end user. */
const ownerOf = (link: ConnectLinkRow): Viewer => ({
  kind: 'END_USER',
  id: link.id,
  name: link.endUserName,
  scopes: ['links:read'],
  endUser: endUserOfLink(link),
  organizationAccess: null,
  limits: null,
  expiresAt: null,
})
