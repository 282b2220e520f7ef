import type { IncomingMessage, ServerResponse } from 'node:http'
import { handOverStateOf, isOverForColleague } from '../../connect/links/hand-over-state.ts'
import { findByAnyToken } from '../../connect/links/open.ts'
import { isEnded } from '../../connect/links/status.ts'
import { type LinkSnapshot, watchLink } from '../../connect/links/watch-links.ts'
import { oncePerEvent } from '../../connect/util/once-per-event.ts'
import type { HandOverState } from '../../domain/statuses.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { childSignal } from '../../http/child-signal.ts'
import { findLinkByToken, type TokenColumn } from '../../store/connect-links.ts'
import { hashToken } from '../../store/encryption.ts'
import { endUserOfLink } from '../../store/end-user-columns.ts'
import { findLastHandOver } from '../../store/hand-overs.ts'
import type { ConnectLinkRow, LinkHandOverRow } from '../../store/schema.ts'
import { networkOf } from '../client-address.ts'
import { startHeartbeat } from '../heartbeat.ts'
import { sendJson } from '../send-json.ts'
import { colleagueResult, colleagueView } from './colleague-text.ts'
import { privateHeaders } from './page.ts'
import { resultText, unknownVisitorText } from './page-text.ts'
import { type LinkView, linkView } from './page-view.ts'
import type { PagesContext } from './pages-context.ts'
import { redirectBack } from './redirect-back.ts'
import { visitorOf } from './visitor-cookie.ts'

/**
 * Serves the server-sent events of the link page and of the return page; each page has its own token. 404 for an
 * unknown one.
 */
export async function serveStatusStream(
  pages: PagesContext,
  { column, token }: { readonly column: TokenColumn; readonly token: string },
  response: ServerResponse,
): Promise<void> {
  const found = await findWatched(pages, { column, hash: hashToken(token) }, response.req)
  if (found === undefined) return sendJson(response, 404, { status: 'not found' })
  if (found.colleague !== 'UNKNOWN')
    return streamStatus(pages, { ...found, colleague: found.colleague }, response)
  // The page stops waiting.
  const text = unknownVisitorText(await linkView(pages, response.req, found.link))
  response.writeHead(200, { ...privateHeaders, 'content-type': eventStreamType })
  response.end(eventText({ goTo: null, ...text }))
}

const eventStreamType = 'text/event-stream; charset=utf-8'

const eventText = (event: object) => `event: status\ndata: ${JSON.stringify(event)}\n\n`

/** A link, and whose page it is. */
interface Watched {
  readonly link: ConnectLinkRow
  /** The hand-over of the colleague whose page it is; `null`: the end user's. */
  readonly colleague: LinkHandOverRow | null
}

async function findWatched(
  pages: PagesContext,
  { column, hash }: { readonly column: TokenColumn; readonly hash: string },
  request: IncomingMessage,
): Promise<Watched | (Pick<Watched, 'link'> & { readonly colleague: 'UNKNOWN' }) | undefined> {
  const { db } = pages.connect
  if (column === 'tokenHash') return findByAnyToken(db, hash)
  const link = await findLinkByToken(db, column, hash)
  if (link === undefined) return undefined
  const visitor = visitorOf(pages, request, { link, last: (await findLastHandOver(db, link.id)) ?? null })
  if (visitor.kind === 'UNKNOWN') return { link, colleague: visitor.kind }
  return { link, colleague: visitor.kind === 'COLLEAGUE' ? visitor.colleague : null }
}

/**
 * Sends each status of the link as a server-sent event, the last one with the redirect URL and the result texts. Ends
 * the response when the link has ended, or when the gateway shuts down. 429 if the end user or the client's address has
 * too many streams.
 */
export async function streamStatus(
  pages: PagesContext,
  { link, colleague }: Watched,
  response: ServerResponse,
): Promise<void> {
  const ownView = await linkView(pages, response.req, link)
  const view = colleague === null ? ownView : colleagueView(ownView, colleague)
  if (response.destroyed) return
  const release = pages.connect.streamLimit.acquire(
    link.endUserId,
    networkOf(pages.clientOf(response.req).address),
  )
  if (release === null) return sendJson(response, 429, { status: 'too many streams' })
  const disconnected = new AbortController()
  response.once('close', () => disconnected.abort())
  const { signal, detach } = childSignal(disconnected.signal, pages.connect.shutdownSignal)
  // Not an argument of `writeHead`: the shutdown recognizes event streams by it.
  response.setHeader('content-type', eventStreamType)
  response.writeHead(200, {
    ...privateHeaders,
    'x-accel-buffering': 'no', // some proxies would buffer the stream
  })
  // Delay before the browser reconnects: 2 s.
  response.write('retry: 2000\n\n')
  const stopHeartbeat = startHeartbeat(response)
  try {
    if (signal.aborted) return
    for await (const snapshot of watchLink(pages.connect, ownerOf(link), { linkId: link.id, signal })) {
      const { status, heldUntil } = snapshot
      const { handOver, isOver } = await handOverOf(pages, snapshot, colleague)
      const event = {
        // What becomes of the link without the colleague is not shown to the colleague.
        ...(!isOver && { status }),
        ...(handOver !== null && { handOver }),
        ...(heldUntil !== null && !isOver && { isHeld: true }),
        ...(isEnded(status) && !isOver && (await resultOf(pages, view, { link: snapshot, colleague }))),
      }
      response.write(eventText(event))
      if (isOver) return
    }
  } finally {
    stopHeartbeat()
    detach()
    release()
    response.end()
  }
}

/** The redirect URL, and the texts to show if there is none. */
async function resultOf(
  pages: PagesContext,
  view: LinkView,
  { link, colleague }: { readonly link: LinkSnapshot; readonly colleague: LinkHandOverRow | null },
) {
  // A colleague is not sent to the application of the end user.
  if (colleague !== null) return { goTo: null, ...colleagueResult(link.status, view) }
  return { goTo: await returnUrlOf(pages, link), ...resultText(link.status, view) }
}

/** How the hand-over of the page stands; `null`: there is none. `isOver`: the page is that of a former colleague. */
async function handOverOf(
  pages: PagesContext,
  link: LinkSnapshot,
  colleague: LinkHandOverRow | null,
): Promise<{ readonly handOver: HandOverState | null; readonly isOver: boolean }> {
  const last = await lastHandOverOf(pages, link)
  if (last === undefined) return { handOver: null, isOver: false }
  if (colleague !== null && colleague.number !== last.number) return { handOver: 'TAKEN_BACK', isOver: true }
  const now = pages.connect.now()
  return {
    handOver: handOverStateOf(last, now),
    isOver: colleague !== null && isOverForColleague(last, link, now),
  }
}

const lastHandOverOf = oncePerEvent(({ connect }: PagesContext, { id }: LinkSnapshot) =>
  findLastHandOver(connect.db, id),
)

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
