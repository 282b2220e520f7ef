import { isEnded } from '../../connect/links/status.ts'
import { type Html, html } from '../pages/html.ts'
import { doneUrl, idempotencyKeyOf, returnToOf, sendOn } from './application-page.ts'
import { cancelLink, reconnect } from './changes.ts'
import { changesOf, connectionItem, nameOfConnection } from './connection-item.ts'
import { type ConnectionPage, findConnection, findLink, findRemoved, listConnections } from './connections.ts'
import { connectErrorText } from './error-texts.ts'
import type { PortalVisit } from './portal-context.ts'
import { notice, sendPortalPage } from './portal-page.ts'
import { sendRefusal } from './refusal-page.ts'
import { unfinishedList } from './unfinished-links.ts'

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
  // Looked up by their IDs: a text of the query could be that of another person.
  const [removedId, canceledId] = [query.get('removed'), query.get('canceled')]
  const removed = removedId === null || !visit.rights.read ? null : await findRemoved(visit, removedId)
  if (removed !== null)
    return sendConnections(visit, messageOf(texts.connections.removed(nameOfConnection(removed))))
  const canceled = canceledId === null || !visit.rights.read ? null : await findLink(visit, canceledId)
  const name = canceled && isEnded(canceled.status) && nameOfConnection({ ...canceled, name: null })
  return sendConnections(visit, name ? messageOf(texts.connections.canceled(name)) : null)
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
${after === null ? unfinishedList(visit, page.openLinks) : html`<p class="pages"><a href="connections">${texts.newest}</a></p>`}`,
  })
}

function emptyList({ texts: { connections: texts }, rights, query }: PortalVisit): Html {
  return html`<p>${query.has('removed') ? texts.noneLeft : texts.none}</p>
${rights.connect ? html`<p class="actions"><a class="button" href="./">${texts.first}</a></p>` : null}`
}

const connectionList = (visit: PortalVisit, { connections }: ConnectionPage, message: Message | null): Html =>
  html`<ul class="connections">
${connections.map((connection) => connectionItem(visit, connection, message?.at === connection.id ? notice(message.text, message.kind) : null))}
</ul>`

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
  const result = await cancelLink(visit, form.get('id') ?? '')
  if (result.code === undefined) {
    return sendOn(visit, `connections?${new URLSearchParams({ canceled: result.connectLink.id })}`)
  }
  const error = result
  // A link that has ended in the meantime is not listed any more.
  if (error.code === 'INVALID_STATE') return sendOn(visit, 'connections')
  const { errors } = visit.texts
  return sendConnections(visit, {
    text: error.code === 'NOT_FOUND' ? errors.gone : errors.notRemoved,
    kind: 'error',
    at: null,
    status: error.code === 'NOT_FOUND' ? 404 : 503,
  })
}
