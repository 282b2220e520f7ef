import { cancelAttempt } from '../../connect/links/cancel.ts'
import { decline, takeBack } from '../../connect/links/end-hand-over.ts'
import { type HandedOver, handOver } from '../../connect/links/hand-over.ts'
import { canHandOver, handOverStateOf } from '../../connect/links/hand-over-state.ts'
import { type ResolvedLink, resolveConnectLink } from '../../connect/links/open.ts'
import { ConflictError } from '../../domain/errors.ts'
import { readBody } from '../read-body.ts'
import { notAllowed } from '../send-json.ts'
import { browserTokenOf } from './browser-cookie.ts'
import { colleagueView, declinedPage } from './colleague-text.ts'
import { goTo } from './go-to.ts'
import { cancelledPage, handedOverPage, handOverFormPage, noHandOverPage } from './hand-over-text.ts'
import { type LinkAction, relativeAddress } from './link-address.ts'
import { linkPageParts } from './link-notice.ts'
import { endUserNameOf } from './names.ts'
import { isOwnForm } from './navigation.ts'
import { type Page, sendPage } from './page.ts'
import { linkView } from './page-view.ts'
import type { HttpExchange, PagesContext } from './pages-context.ts'
import { redirectBack } from './redirect-back.ts'
import { visitedPage } from './visited-page.ts'
import { endUserNumber, rememberVisitor } from './visitor-cookie.ts'

type OpenLink = Extract<ResolvedLink, { readonly kind: 'open' }>

/** Longer than the fields of any of the forms, each byte encoded. */
const bodyLimitBytes = 16_384

/**
 * Serves the pages below that of a link. A form of one of the gateway's pages changes the link; every other request gets the
 * page as it is, and changes nothing.
 */
export async function serveLinkAction(
  pages: PagesContext,
  { token, action }: { readonly token: string; readonly action: LinkAction },
  exchange: HttpExchange,
): Promise<void> {
  const { request, response } = exchange
  const { method = '' } = request
  if (!['GET', 'HEAD', 'POST'].includes(method)) return notAllowed(response, 'GET, HEAD, POST')
  const resolved = await resolveConnectLink(pages.connect, token)
  if (method === 'POST' && isOwnForm(request)) {
    const isDone = await actions[action](pages, { token, resolved, exchange })
    if (isDone) return
  } else if (action === 'hand-over' && resolved.kind === 'open' && resolved.colleague === null) {
    return sendPage(response, await handOverForm(pages, { token, resolved, exchange }))
  }
  // It may have changed meanwhile.
  const current = await resolveConnectLink(pages.connect, token)
  sendPage(response, await visitedPage(pages, { request, token, resolved: current }))
}

interface Submission<Resolved extends ResolvedLink = ResolvedLink> {
  readonly token: string
  readonly resolved: Resolved
  readonly exchange: HttpExchange
}

/** Each returns whether it has sent a page of its own. */
const actions: Readonly<
  Record<LinkAction, (pages: PagesContext, submission: Submission) => Promise<boolean>>
> = {
  page: async () => false,
  'hand-over': async (pages, { resolved, ...submission }) => {
    if (resolved.kind !== 'open' || resolved.colleague !== null) return false
    return submitHandOver(pages, { ...submission, resolved })
  },
  'take-back': async ({ connect }, { resolved }) => {
    if (resolved.kind === 'handed-over') await takeBack(connect, resolved.link.id, 'HOSTED_PAGE')
    return false
  },
  cancel: async (pages, { resolved, ...submission }) => {
    if (resolved.kind !== 'open' || resolved.colleague !== null) return false
    return submitCancel(pages, { ...submission, resolved })
  },
  decline: async (pages, { resolved, exchange: { request, response } }) => {
    if (resolved.kind !== 'open' || resolved.colleague === null) return false
    const { link, colleague } = resolved
    const fields = await fieldsOf(request)
    if (!(await decline(pages.connect, colleague, fields.get('reason')))) return false
    sendPage(response, declinedPage(colleagueView(await linkView(pages, request, link), colleague)))
    return true
  },
}

async function fieldsOf(request: HttpExchange['request']): Promise<URLSearchParams> {
  const body = await readBody(request, bodyLimitBytes)
  return new URLSearchParams(body?.toString() ?? '')
}

async function handOverForm(
  pages: PagesContext,
  { token, resolved, exchange: { request } }: Submission<OpenLink>,
): Promise<Page> {
  const { link, lastHandOver } = resolved
  const view = await linkView(pages, request, link)
  const page = canHandOver(link, lastHandOver, pages.connect.now())
    ? handOverFormPage(view, {
        address: relativeAddress(request, token),
        isNameNeeded: endUserNameOf(link) === null,
      })
    : noHandOverPage(view)
  return { ...page, ...linkPageParts(pages, link, { request }) }
}

async function submitHandOver(pages: PagesContext, submission: Submission<OpenLink>): Promise<boolean> {
  const { token, resolved, exchange } = submission
  const { request, response } = exchange
  const { link } = resolved
  const fields = await fieldsOf(request)
  const input = {
    message: fields.get('message'),
    requesterName: fields.get('requester'),
    expiresInSeconds: null,
  }
  const browserToken = browserTokenOf(pages, link, exchange)
  const origin = { source: 'HOSTED_PAGE', browserToken } as const
  const result = await handOver(pages.connect, link.id, { input, origin }).catch(refusalOf)
  if (result === null) return false
  // A tab of this browser may be at the provider, and return later.
  rememberVisitor(pages, link, { number: endUserNumber, response })
  const page = handedOverPage(await linkView(pages, request, link), {
    address: relativeAddress(request, token),
    state: handOverStateOf(result.handOver, pages.connect.now()),
    // Shown in this response whatever the browser does with cookies: in a frame of another site it keeps none.
    colleagueUrl: result.url,
  })
  sendPage(response, { ...page, ...linkPageParts(pages, link, { request }) })
  return true
}

/** `null` if the link cannot be handed over, or not any more; every other error is thrown. */
function refusalOf(error: unknown): HandedOver | null {
  if (error instanceof ConflictError) return null
  throw error
}

async function submitCancel(
  pages: PagesContext,
  { token, resolved, exchange }: Submission<OpenLink>,
): Promise<boolean> {
  const { request, response } = exchange
  await cancelAttempt(pages.connect, resolved.link.id, 'HOSTED_PAGE')
  const current = await resolveConnectLink(pages.connect, token)
  if (current.kind !== 'open') return false
  const { link } = current
  const { url } = await redirectBack(pages.connect, link, 'error')
  const status = 'CANCELLED'
  if (url !== null) await goTo(pages, exchange, { link, url, status })
  else {
    const page = cancelledPage(await linkView(pages, request, link), relativeAddress(request, token))
    sendPage(response, { ...page, ...linkPageParts(pages, link, { request, status }) })
  }
  return true
}
