import { randomUUID } from 'node:crypto'
import { sessionRestrictions } from '../../connect/session-limits.ts'
import { type Html, html } from '../pages/html.ts'
import type { PortalConnection } from './connections.ts'
import type { PortalVisit } from './portal-context.ts'
import { logo } from './portal-page.ts'
import { withTime } from './time.ts'

/** What the end user calls a connection or link: the application. */
export const nameOfConnection = (
  connection: Pick<PortalConnection, 'connector' | 'connectorKey' | 'name'>,
): string => connection.connector?.application.name ?? connection.name ?? connection.connectorKey

/** An entry of the list of connections. `message`: what happened to it; `null`: nothing. */
export function connectionItem(visit: PortalVisit, connection: PortalConnection, message: Html | null): Html {
  const { connections: texts } = visit.texts
  const { health, status, provider, connector } = connection
  const name = nameOfConnection(connection)
  const problem = health.code === 'OK' || health.code === 'UNKNOWN' ? null : texts.problems[health.code]
  return html`<li>
${logo(name, connector?.application.logoUrl ?? null)}
<div class="text"><h2>${name}</h2>
${identity(visit, connection)}
<p class="hint">${texts.via(provider.name)}${ownerOf(visit, connection)}</p>
<p class="state" data-state="${stateOf(connection)}">${texts.statuses[status]}</p>
${problem === null ? null : html`<p class="problem">${problem}</p>`}
${message}</div>
${actions(visit, connection)}
</li>`
}

/** What tells a connection from others of its application: the account, when it was made, and its name at the provider. */
export function identity(visit: PortalVisit, connection: PortalConnection): Html {
  const { id, name, createdAt } = connection
  const account = accountOf(connection)
  const given = name === account || name === nameOfConnection(connection) ? null : name
  return html`${account === null ? null : html`<p>${account}</p>`}
<p class="hint" id="${timeId(id)}">${withTime(visit, visit.texts.connections.connectedAt, createdAt)}</p>
${given === null ? null : html`<p class="hint given">${given}</p>`}`
}

const timeId = (id: string) => `at-${id.replaceAll(/[^\w]/g, '')}`

/** Name and email address of the account at the application; `null`: the provider shows neither. */
function accountOf({ externalAccount }: PortalConnection): string | null {
  const { name = null, email = null } = externalAccount ?? {}
  if (name === null || email === null || name === email) return name ?? email
  return `${name} (${email})`
}

function ownerOf({ viewer, texts }: PortalVisit, { owner }: PortalConnection): string {
  if (owner === 'PERSON') return ''
  return ` · ${texts.connections.ofOrganization(viewer.endUser?.organization?.name ?? texts.connections.organization)}`
}

const stateOf = ({ status, health }: PortalConnection): string => {
  if (status === 'NEEDS_ATTENTION') return 'DOWN'
  if (status === 'ACTIVE') return health.code === 'OK' || health.code === 'UNKNOWN' ? 'UP' : 'DEGRADED'
  return 'OFF'
}

function actions(visit: PortalVisit, connection: PortalConnection): Html | null {
  const { connections: texts } = visit.texts
  const { id } = connection
  const reconnect = reconnectForm(visit, connection)
  const canRemove = changesOf(visit, connection).remove
  if (reconnect === null && !canRemove) return null
  return html`<div class="buttons">${reconnect}${canRemove ? html`<a class="button secondary" href="remove?id=${encodeURIComponent(id)}"${labels(connection, texts.nameOf(texts.remove, labelOf(connection)))}>${texts.remove}</a>` : null}</div>`
}

/** The button that reconnects a connection; `null`: the session or the provider cannot. */
export function reconnectForm(visit: PortalVisit, connection: PortalConnection): Html | null {
  const { connections: texts } = visit.texts
  if (!changesOf(visit, connection).reconnect) return null
  const tab = visit.isFramed
  const label = texts.nameOf(texts.reconnect, labelOf(connection))
  return html`<form method="post" action="reconnect"${tab ? html` target="_blank"` : html` data-once`}><input type="hidden" name="id" value="${connection.id}"><input type="hidden" name="key" value="${randomUUID()}">${tab ? html`<input type="hidden" name="tab" value="1">` : null}<button class="secondary"${labels(connection, label)}>${texts.reconnect}</button></form>`
}

const labelOf = (connection: PortalConnection): string =>
  [nameOfConnection(connection), accountOf(connection) ?? []].flat().join(', ')

/** Of a control for one of several connections. */
const labels = ({ id }: PortalConnection, label: string): Html =>
  html` aria-label="${label}" aria-describedby="${timeId(id)}"`

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
