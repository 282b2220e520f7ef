import { randomUUID } from 'node:crypto'
import { isEnded } from '../../connect/links/status.ts'
import { type Direction, directions } from '../../domain/statuses.ts'
import { continuePage } from '../pages/continue-page.ts'
import { type Html, html } from '../pages/html.ts'
import { sendPage } from '../pages/page.ts'
import { findApplication, type OfferedApplication } from './applications.ts'
import { type ChangeError, type CreatedPortalLink, createLink } from './changes.ts'
import { identity, reconnectForm } from './connection-item.ts'
import { connectionsOf, type PortalConnection } from './connections.ts'
import { connectErrorText } from './error-texts.ts'
import { continueLink } from './open-link.ts'
import type { PortalVisit } from './portal-context.ts'
import { logo, notice, sendPortalPage } from './portal-page.ts'

/** The page of one application: what happens next, and the button that connects it. */
export async function serveApplication(visit: PortalVisit): Promise<void> {
  const application = await findApplication(visit, visit.query.get('slug') ?? '')
  if (application === null) return sendUnavailable(visit)
  await sendApplication(visit, { application, error: null })
}

/**
 * Leads to the page of a link: that with which the end user has begun to connect the application, else a new one. A form that
 * is sent twice leads to the same link.
 */
export async function submitApplication(visit: PortalVisit, form: URLSearchParams): Promise<void> {
  const application = await findApplication(visit, form.get('slug') ?? '')
  if (application === null) return sendUnavailable(visit)
  const direction = directions.find((one) => one === form.get('direction')) ?? null
  if (direction === null && application.directions.length > 0)
    return sendApplication(visit, { application, error: visit.texts.errors.direction })
  const isInTab = form.has('tab')
  const request = {
    application: application.slug,
    direction,
    returnTo: returnToOf(visit, isInTab),
    idempotencyKey: idempotencyKeyOf(form, direction),
  }
  const begun = await continueLink(visit, request)
  const result = begun === null ? await createLink(visit, request) : { connectLink: begun, replayed: false }
  if ('code' in result && result.code !== undefined) return sendFailed(visit, application, result)
  const { connectLink, replayed } = result
  if (connectLink.url === null || connectLink.status === 'COMPLETED')
    return sendOn(visit, doneUrl(connectLink))
  if (replayed && isEnded(connectLink.status))
    return sendApplication(visit, { application, error: visit.texts.errors.used })
  if (form.has('wait')) return sendWaiting(visit, application, { ...connectLink, url: connectLink.url })
  return sendOn(visit, connectLink.url)
}

/** The page to which the link leads at its end. `isInTab`: the portal's own page, in a frame, waits for the result too. */
export const returnToOf = ({ url }: PortalVisit, isInTab: boolean): string =>
  `${url}done${isInTab ? '?tab=1' : ''}`

/** The key of the form, for the direction that was chosen in it. */
export function idempotencyKeyOf(form: URLSearchParams, choice: string | null): string {
  const key = form.get('key') ?? ''
  return [
    'portal',
    /^[\w-]{1,64}$/.test(key) ? key : randomUUID(),
    ...(choice === null ? [] : [choice]),
  ].join(':')
}

export const doneUrl = ({ id }: Pick<CreatedPortalLink, 'id'>): string =>
  `done?${new URLSearchParams({ connect_link_id: id })}`

/** By a page, not by a redirect: `form-action` applies to every redirect that follows the submission of a form. */
export function sendOn({ exchange, pages, view }: PortalVisit, url: string): void {
  sendPage(exchange.response, { ...continuePage(view, url), frameOrigins: pages.embedOrigins })
}

function sendFailed(visit: PortalVisit, application: OfferedApplication, error: ChangeError): Promise<void> {
  const { text, status } = connectErrorText(visit, application.name, error)
  return sendApplication(visit, { application, error: text, status })
}

interface Shown {
  readonly application: OfferedApplication
  readonly error: string | null
  readonly status?: number
}

async function sendApplication(
  visit: PortalVisit,
  { application, error, status = 200 }: Shown,
): Promise<void> {
  const { texts, names, isFramed } = visit
  const { slug, name, logoUrl } = application
  const title = texts.application.title(name, names)
  const connections = await connectionsOf(visit, slug)
  sendPortalPage(visit, {
    title,
    section: 'connect',
    status: error === null ? 200 : status === 200 ? 422 : status,
    main: html`<div class="heading">${logo(name, logoUrl)}<h1>${title}</h1></div>
${error === null ? null : notice(error, 'error')}
${connections.length === 0 ? null : alreadyConnected(visit, name, connections)}
<form class="connect" method="post" action="application" data-once${isFramed ? html` target="_blank" data-tab` : null}>
<input type="hidden" name="slug" value="${slug}">
<input type="hidden" name="key" value="${randomUUID()}">
${isFramed ? html`<input type="hidden" name="tab" value="1">` : null}
${directionFields(visit, application)}
<p class="hint">${isFramed ? html`${texts.application.newTab} <span class="live">${texts.application.keepOpen}</span>` : texts.application.next(name)}</p>
<p class="actions"><button>${connections.length === 0 ? texts.application.submit(name) : texts.application.another}</button> <a href="./">${texts.application.other}</a></p>
</form>`,
  })
}

/** Before another account is connected: perhaps one of these is meant. */
function alreadyConnected(visit: PortalVisit, name: string, connections: readonly PortalConnection[]): Html {
  return html`<section class="note already"><p>${visit.texts.application.already(name)}</p>
<ul class="connections">
${connections.map((one) => html`<li><div class="text">${identity(visit, one)}</div><div class="buttons">${reconnectForm(visit, one)}</div></li>`)}
</ul></section>`
}

function directionFields({ texts }: PortalVisit, application: OfferedApplication): Html | null {
  const { directions: choices } = application
  if (choices.length === 0) return null
  const choice = (direction: Direction) =>
    html`<label class="choice"><input type="radio" name="direction" value="${direction}" required>${texts.application.directions[direction](application.name)}</label>`
  return html`<fieldset><legend>${texts.application.direction}</legend>${choices.map(choice)}</fieldset>`
}

/** In a frame: the link is open in another tab. */
function sendWaiting(
  visit: PortalVisit,
  { name, logoUrl }: OfferedApplication,
  { url, status }: CreatedPortalLink & { readonly url: string },
): void {
  const { texts } = visit
  const title = texts.application.waitingTitle(name)
  sendPortalPage(visit, {
    title,
    section: 'connect',
    script: 'wait.js',
    main: html`<div class="heading">${logo(name, logoUrl)}</div>
<div class="wait" data-events="${eventsOf(url)}"${isEnded(status) ? null : html` data-waiting`} aria-live="polite">
<h1>${title}</h1>
<p class="status" data-status>${texts.application.waiting}</p>
</div>
<p class="actions" data-temporary><a class="button" href="${url}" target="_blank" rel="noopener">${texts.application.open}</a></p>`,
  })
}

/** The event stream of a link, relative to a page of the portal. */
export const eventsOf = (linkUrl: string): string => `../../connect/${linkUrl.split('/').at(-1)}/events`

function sendUnavailable(visit: PortalVisit): void {
  const { application: texts } = visit.texts
  sendPortalPage(visit, {
    status: 404,
    title: texts.unavailable,
    section: 'connect',
    main: html`<h1>${texts.unavailable}</h1>
<p>${texts.unavailableText}</p>
<p class="actions"><a class="button" href="./">${texts.other}</a></p>`,
  })
}
