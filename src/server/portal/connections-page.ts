import { randomUUID } from 'node:crypto'
import { isEnded } from '../../connect/links/status.ts'
import { sessionRestrictions } from '../../connect/session-limits.ts'
import { type Html, html } from '../pages/html.ts'
import { doneUrl, idempotencyKeyOf, returnToOf, sendOn } from './application-page.ts'
import { cancelLink, reconnect } from './changes.ts'
import {
  type ConnectionPage,
  findConnection,
  findRemoved,
  listConnections,
  type PortalConnection,
  type PortalLink,
} from './connections.ts'
import { connectErrorText } from './error-texts.ts'
import type { PortalVisit } from './portal-context.ts'
import { logo, notice, sendPortalPage } from './portal-page.ts'
import { sendRefusal } from './refusal-page.ts'

/** What happened to one entry of the page. */
interface Message {
  readonly text: string
  readonly kind: 'error' | 'success'
  /** Global ID of the connection at which it is shown; `null`: above the list. */
  readonly at: string | null
  readonly status?: number
}

/** "My connections": those of the end user, and links that are not finished. */
export async function serveConnections(visit: PortalVisit): Promise<void> {
  const { query, texts } = visit
  const id = query.get('removed')
  const removed = id === null || !visit.rights.read ? null : await findRemoved(visit, id)
  if (removed !== null)
    return sendConnections(visit, messageOf(texts.connections.removed(nameOfConnection(removed))))
  return sendConnections(visit, query.has('canceled') ? messageOf(texts.connections.canceled) : null)
}

const messageOf = (text: string): Message => ({ text, kind: 'success', at: null })

async function sendConnections(visit: PortalVisit, message: Message | null): Promise<void> {
  if (!visit.rights.read) return sendRefusal(visit, 'FORBIDDEN')
  const after = visit.query.get('after')
  const page = await listConnections(visit, after)
  const { connections: texts } = visit.texts
  sendPortalPage(visit, {
    title: texts.title,
    section: 'connections',
    status: message?.status ?? 200,
    main: html`<h1>${texts.title}</h1>
${message?.at === null ? notice(message.text, message.kind) : null}
${page.connections.length === 0 ? emptyList(visit) : connectionList(visit, page, message)}
${page.nextCursor === null ? null : html`<p class="pages"><a href="connections?${new URLSearchParams({ after: page.nextCursor }).toString()}">${texts.more}</a></p>`}
${after === null ? linkList(visit, page.openLinks) : html`<p class="pages"><a href="connections">${texts.newest}</a></p>`}`,
  })
}

function emptyList({ texts, rights }: PortalVisit): Html {
  return html`<p>${texts.connections.none}</p>
${rights.connect ? html`<p class="actions"><a class="button" href="./">${texts.connections.first}</a></p>` : null}`
}

const connectionList = (visit: PortalVisit, { connections }: ConnectionPage, message: Message | null): Html =>
  html`<ul class="connections">
${connections.map((connection) => connectionItem(visit, connection, message?.at === connection.id ? message : null))}
</ul>`

/** What the end user calls a connection: the application, and the account if it is known. */
export const nameOfConnection = (
  connection: Pick<PortalConnection, 'connector' | 'connectorKey' | 'name'>,
): string => connection.connector?.application.name ?? connection.name ?? connection.connectorKey

function connectionItem(visit: PortalVisit, connection: PortalConnection, message: Message | null): Html {
  const { connections: texts } = visit.texts
  const { health, status, provider, connector } = connection
  const name = nameOfConnection(connection)
  const account = accountOf(connection)
  const problem = health.code === 'OK' || health.code === 'UNKNOWN' ? null : texts.problems[health.code]
  return html`<li>
${logo(name, connector?.application.logoUrl ?? null)}
<div class="text"><h2>${name}</h2>
${account === null ? null : html`<p>${account}</p>`}
<p class="hint">${texts.via(provider.name)}${ownerOf(visit, connection)}</p>
<p class="state" data-state="${stateOf(connection)}">${texts.statuses[status]}</p>
${problem === null ? null : html`<p class="problem">${problem}</p>`}
${message === null ? null : notice(message.text, message.kind)}</div>
${actions(visit, connection, account === null ? name : `${name}, ${account}`)}
</li>`
}

export const accountOf = ({ externalAccount, connector, name }: PortalConnection): string | null =>
  externalAccount?.name ?? externalAccount?.email ?? (connector === null ? null : name)

function ownerOf({ viewer, texts }: PortalVisit, { owner }: PortalConnection): string {
  if (owner === 'PERSON') return ''
  return ` · ${texts.connections.ofOrganization(viewer.endUser?.organization?.name ?? texts.connections.organization)}`
}

const stateOf = ({ status, health }: PortalConnection): string => {
  if (status === 'NEEDS_ATTENTION') return 'DOWN'
  if (status === 'ACTIVE') return health.code === 'OK' || health.code === 'UNKNOWN' ? 'UP' : 'DEGRADED'
  return 'OFF'
}

function actions(visit: PortalVisit, connection: PortalConnection, name: string): Html | null {
  const { connections: texts } = visit.texts
  const { id } = connection
  const { reconnect: canReconnect, remove: canRemove } = changesOf(visit, connection)
  if (!canReconnect && !canRemove) return null
  const tab = visit.isFramed
  return html`<div class="buttons">${
    canReconnect
      ? html`<form method="post" action="reconnect" ${tab ? html` target="_blank"` : html` data-once`}><input type="hidden" name="id" value="${id}"><input type="hidden" name="key" value="${randomUUID()}">${tab ? html`<input type="hidden" name="tab" value="1">` : null}<button class="secondary" aria-label="${texts.nameOf(texts.reconnect, name)}">${texts.reconnect}</button></form>`
      : null
  }${canRemove ? html`<a class="button secondary" href="remove?id=${encodeURIComponent(id)}" aria-label="${texts.nameOf(texts.remove, name)}">${texts.remove}</a>` : null}</div>`
}

/** What the session may do with a connection, and its provider supports. */
export function changesOf(
  { viewer, rights, pages }: PortalVisit,
  { owner, provider, connectorKey }: PortalConnection,
): { readonly reconnect: boolean; readonly remove: boolean } {
  const isManaged = owner === 'PERSON' || viewer.organizationAccess === 'MANAGE'
  const name = { provider: provider.key, connector: connectorKey }
  const isAllowed = isManaged && sessionRestrictions(viewer, pages.connect, name).length === 0
  return {
    reconnect: isAllowed && rights.reconnect && provider.capabilities.reconnect,
    remove: isAllowed && rights.remove && provider.capabilities.disconnect,
  }
}

function linkList({ texts, rights }: PortalVisit, links: readonly PortalLink[]): Html | null {
  const { connections } = texts
  if (links.length === 0) return null
  const item = (link: PortalLink) => {
    const name = nameOfConnection({ ...link, name: null })
    return html`<li>
${logo(name, link.connector?.application.logoUrl ?? null)}
<div class="text"><h3>${name}</h3>
<p class="hint">${connections.opened}</p></div>
<div class="buttons">${link.url === null ? null : html`<a class="button secondary" href="${link.url}" target="_top" aria-label="${connections.nameOf(connections.resume, name)}">${connections.resume}</a>`}${
      rights.connect
        ? html`<form method="post" action="cancel" data-once><input type="hidden" name="id" value="${link.id}"><button class="secondary" aria-label="${connections.nameOf(connections.cancel, name)}">${connections.cancel}</button></form>`
        : null
    }</div>
</li>`
  }
  return html`<section aria-labelledby="unfinished">
<h2 id="unfinished">${connections.unfinished}</h2>
<ul class="connections">
${links.map(item)}
</ul>
</section>`
}

/** Creates a link that reconnects a connection, and leads to its page. */
export async function submitReconnect(visit: PortalVisit, form: URLSearchParams): Promise<void> {
  const id = form.get('id') ?? ''
  const { errors } = visit.texts
  const connection = await findConnection(visit, id)
  if (connection === null)
    return sendConnections(visit, { text: errors.gone, kind: 'error', at: null, status: 404 })
  if (!changesOf(visit, connection).reconnect)
    return sendConnections(visit, { text: errors.notReconnectable, kind: 'error', at: id, status: 403 })
  const result = await reconnect(visit, {
    id,
    returnTo: returnToOf(visit, form.has('tab')),
    idempotencyKey: idempotencyKeyOf(form, null),
  })
  if (result.code !== undefined) {
    const { text, status } = connectErrorText(visit, nameOfConnection(connection), result)
    return sendConnections(visit, { text, kind: 'error', at: id, status })
  }
  const { connectLink, replayed } = result
  if (replayed && isEnded(connectLink.status))
    return sendConnections(visit, { text: errors.used, kind: 'error', at: id, status: 409 })
  sendOn(visit, connectLink.url ?? doneUrl(connectLink))
}

/** Revokes a link that is not finished. */
export async function submitCancel(visit: PortalVisit, form: URLSearchParams): Promise<void> {
  const error = await cancelLink(visit, form.get('id') ?? '')
  // A link that has ended in the meantime is not listed any more.
  if (error === null || error.code === 'INVALID_STATE') return sendOn(visit, 'connections?canceled=1')
  const { errors } = visit.texts
  return sendConnections(visit, {
    text: error.code === 'NOT_FOUND' ? errors.gone : errors.notRemoved,
    kind: 'error',
    at: null,
    status: error.code === 'NOT_FOUND' ? 404 : 503,
  })
}
