import type { IncomingMessage } from 'node:http'
import {
  canHandOver,
  handOverStateOf,
  handOverUrl,
  isResultUnseen,
} from '../../connect/links/hand-over-state.ts'
import type { ResolvedLink } from '../../connect/links/open.ts'
import { hashToken } from '../../store/encryption.ts'
import { knownBrowserToken } from './browser-cookie.ts'
import {
  colleaguePage,
  colleagueResultPage,
  colleagueView,
  toBeConfirmedPage,
  withdrawnPage,
} from './colleague-text.ts'
import { cancelForm, handedOverPage, handOverNote, handOverOffer } from './hand-over-text.ts'
import { waitingElsewherePage } from './held-page.ts'
import { html } from './html.ts'
import { relativeAddress } from './link-address.ts'
import { linkPageParts } from './link-notice.ts'
import { linkPage, waitingLinkPage } from './link-page-text.ts'
import { isVisitOf } from './navigation.ts'
import type { Page } from './page.ts'
import { endPage, suspendedPage, unknownPage } from './page-text.ts'
import { linkView, pageView } from './page-view.ts'
import { isFramed, type PagesContext } from './pages-context.ts'
import { redirectBack } from './redirect-back.ts'

type Resolved<Kind extends ResolvedLink['kind']> = Extract<ResolvedLink, { readonly kind: Kind }>

interface Visit<Kind extends ResolvedLink['kind'] = ResolvedLink['kind']> {
  readonly request: IncomingMessage
  readonly token: string
  readonly resolved: Resolved<Kind>
}

/** The page of a link's address, whatever state it is in. Only the end user's own pages can be framed. */
export async function visitedPage(pages: PagesContext, { resolved, ...visit }: Visit): Promise<Page> {
  const { request } = visit
  switch (resolved.kind) {
    case 'unknown':
      return unknownPage(pageView(pages, request))
    case 'withdrawn':
      return withdrawnPage(colleagueView(await linkView(pages, request, resolved.link), resolved.handOver))
    case 'handed-over':
      return {
        ...(await stateOfHandOver(pages, { ...visit, resolved })),
        ...linkPageParts(pages, resolved.link, { request }),
      }
    case 'open':
      return resolved.colleague === null
        ? {
            ...(await ownLinkPage(pages, { ...visit, resolved })),
            ...linkPageParts(pages, resolved.link, { request }),
          }
        : linkPageOfColleague(pages, { ...visit, resolved })
    case 'suspended':
      return {
        ...suspendedPage(await linkView(pages, request, resolved.link)),
        ...linkPageParts(pages, resolved.link, { request }),
      }
    case 'held':
    case 'ended':
      return overPage(pages, { ...visit, resolved })
  }
}

async function overPage(pages: PagesContext, { request, resolved }: Visit<'held' | 'ended'>): Promise<Page> {
  const { link, colleague } = resolved
  const view = await linkView(pages, request, link)
  if (colleague !== null) {
    const theirs = colleagueView(view, colleague)
    if (resolved.kind === 'held') return toBeConfirmedPage(theirs)
    return { ...colleagueResultPage(link.status, theirs), status: 410 }
  }
  const isEndUser = isVisitOf(link, request)
  const parts = linkPageParts(pages, link, { request })
  if (resolved.kind === 'held')
    return { ...(await waitingElsewherePage(pages, view, { link, isEndUser })), ...parts }
  // The application's redirect URI may contain secrets: it is not shown to scanners and previews.
  const url = isEndUser ? (await redirectBack(pages.connect, link, 'success')).url : null
  return { ...endPage(link.status, view, url), ...parts }
}

async function ownLinkPage(pages: PagesContext, { request, token, resolved }: Visit<'open'>): Promise<Page> {
  const { link, provider, lastHandOver } = resolved
  const now = pages.connect.now()
  const view = await linkView(pages, request, link)
  const address = relativeAddress(request, token)
  const isOffered = canHandOver(link, lastHandOver, now)
  const texts = {
    view,
    isReconnect: link.purpose === 'RECONNECT',
    instructions: link.instructions,
    requiresProviderLogin: link.requiresProviderLogin,
    note:
      lastHandOver !== null && isResultUnseen(lastHandOver, link)
        ? handOverNote(view, handOverStateOf(lastHandOver, now), lastHandOver)
        : null,
    more: html`<div class="more">${isOffered ? handOverOffer(view, address) : null}
${cancelForm(view, address)}</div>`,
  }
  // A provider whose page cannot be framed is opened in a second tab by the page in the frame.
  const opensHere = provider.capabilities.successRedirect && (link.embeddable || !isFramed(request))
  return opensHere
    ? linkPage(texts, address)
    : waitingLinkPage(texts, { address, isWaiting: link.status !== 'CREATED' && texts.note === null })
}

async function linkPageOfColleague(
  pages: PagesContext,
  { request, token, resolved }: Visit<'open'>,
): Promise<Page> {
  const { link, provider, colleague } = resolved
  if (colleague === null) throw new Error('the page is that of a colleague')
  const hasContinued = link.openedAt !== null && link.openedAt >= colleague.createdAt
  return colleaguePage({
    view: colleagueView(await linkView(pages, request, link), colleague),
    address: relativeAddress(request, token),
    message: colleague.message,
    state: handOverStateOf(colleague, pages.connect.now()),
    instructions: link.instructions,
    requiresProviderLogin: link.requiresProviderLogin,
    waiting: provider.capabilities.successRedirect ? null : { isStarted: hasContinued },
  })
}

/** The address of the colleague is shown to the browser that passed the link on, until the colleague has opened it. */
async function stateOfHandOver(
  pages: PagesContext,
  { request, token, resolved }: Visit<'handed-over'>,
): Promise<Page> {
  const { link, handOver } = resolved
  const { connect } = pages
  const browserToken = knownBrowserToken(pages, link.id, request)
  const isRequester = browserToken !== null && hashToken(browserToken) === handOver.browserHash
  const state = handOverStateOf(handOver, connect.now())
  return handedOverPage(await linkView(pages, request, link), {
    address: relativeAddress(request, token),
    state,
    colleagueUrl: isRequester && state === 'WAITING' ? handOverUrl(handOver, connect) : null,
  })
}
