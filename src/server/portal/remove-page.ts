import { html } from '../pages/html.ts'
import { sendOn } from './application-page.ts'
import { removeConnection } from './changes.ts'
import { changesOf, identity, nameOfConnection } from './connection-item.ts'
import { findConnection, type PortalConnection } from './connections.ts'
import type { PortalVisit } from './portal-context.ts'
import { logo, notice, sendPortalPage } from './portal-page.ts'
import { sendRefusal } from './refusal-page.ts'

/** Asks whether a connection is to be removed. */
export async function serveRemove(visit: PortalVisit): Promise<void> {
  const connection = await removable(visit, visit.query.get('id'))
  if (connection !== null) sendQuestion(visit, connection, null)
}

/** Removes a connection at its provider. */
export async function submitRemove(visit: PortalVisit, form: URLSearchParams): Promise<void> {
  const connection = await removable(visit, form.get('id'))
  if (connection === null) return
  const error = await removeConnection(visit, connection.id)
  const { errors } = visit.texts
  if (error === null) return sendOn(visit, `connections?${new URLSearchParams({ removed: connection.id })}`)
  const isUnsupported = error.code === 'UNSUPPORTED' || error.code === 'PROVIDER_NOT_CONFIGURED'
  return sendQuestion(visit, connection, {
    text: isUnsupported ? errors.notRemovable : errors.notRemoved,
    status: isUnsupported ? 422 : 503,
  })
}

/** The connection, if the session may remove it; otherwise sends a page that says so, and returns `null`. */
async function removable(visit: PortalVisit, id: string | null): Promise<PortalConnection | null> {
  if (!visit.rights.read) {
    sendRefusal(visit, 'FORBIDDEN')
    return null
  }
  const { texts } = visit
  const connection = id === null ? null : await findConnection(visit, id)
  if (connection !== null && changesOf(visit, connection).remove) return connection
  const text = connection === null ? texts.errors.gone : texts.errors.notRemovable
  sendPortalPage(visit, {
    status: connection === null ? 404 : 403,
    title: texts.connections.title,
    section: 'connections',
    main: html`<h1>${text}</h1>
<p class="actions"><a class="button" href="connections">${texts.nav.connections}</a></p>`,
  })
  return null
}

function sendQuestion(
  visit: PortalVisit,
  connection: PortalConnection,
  error: { readonly text: string; readonly status: number } | null,
): void {
  const { remove: texts } = visit.texts
  const name = nameOfConnection(connection)
  const title = texts.title(name)
  sendPortalPage(visit, {
    title,
    status: error?.status ?? 200,
    section: 'connections',
    main: html`<div class="heading">${logo(name, connection.connector?.application.logoUrl ?? null)}<h1>${title}</h1></div>
${identity(visit, connection)}
${error === null ? null : notice(error.text, 'error')}
<p>${texts.text(visit.names)}</p>
<form method="post" action="remove" data-once>
<input type="hidden" name="id" value="${connection.id}">
<p class="actions"><button class="danger">${texts.submit}</button> <a class="button secondary" href="connections">${texts.keep}</a></p>
</form>`,
  })
}
