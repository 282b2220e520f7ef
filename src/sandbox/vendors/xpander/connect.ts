import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import type { JsonObject } from '../../json.ts'
import { isObject, objectOf, textOf } from '../../json.ts'
import { connectBodyIssues, readBool } from './connect-body.ts'
import type { XpanderConnector } from './connector-list.ts'
import { type Family, refuse, unprocessable } from './errors.ts'
import { connectionJson } from './items.ts'
import { accessScopes, type Intent, newIntent, users, type XpanderStore } from './state.ts'

/** POST …/connect, in the order in which the real one is taken to look: body, model, connector, business. */
export function connect(store: XpanderStore, family: Family) {
  return (request: SandboxRequest, connectorId = ''): SandboxResponse => {
    const issues = connectBodyIssues(request)
    if (issues.length > 0) return unprocessable(family, issues)
    const fields = objectOf(request.body)
    const connector = store.connector(connectorId)
    if (connector === undefined) return refuse(404, 'Connector not found')
    if (connector.status !== 'ready') return refuse(400, `Connector is not ready: ${connector.status}`)
    const scope = fields.access_scope ?? 'personal'
    const accessScope = accessScopes.find((known) => known === scope)
    if (accessScope === undefined) return refuse(400, 'access_scope must be personal or organizational')
    const wish = newIntent(connector, {
      name: String(fields.name),
      accessScope,
      isServiceAccount: readBool(fields.is_service_account) ?? false,
      ...(textOf(fields.version) === undefined ? {} : { version: String(fields.version) }),
    })
    return byScheme(store, { connector, fields, wish })
  }
}

interface Attempt {
  readonly connector: XpanderConnector
  readonly fields: JsonObject
  readonly wish: Intent
}

function byScheme(store: XpanderStore, attempt: Attempt): SandboxResponse {
  const { connector, fields } = attempt
  if (connector.scheme === 'oauth2' && !isObject(objectOf(fields.security).oauth2Token)) {
    return askForConsent(store, attempt)
  }
  if (connector.scheme === 'apiKey' && !hasCredentials(fields)) {
    return refuse(400, `${connector.name} needs credentials in security or headers`)
  }
  const connection = store.addConnection(connector, attempt.wish)
  const status = connector.oddity === 'created' ? 201 : 200
  // The success schema is not published; this is what connections look like where they are listed.
  return { status, body: connectionJson(connector, connection) }
}

/** Nothing is connected yet: a person has to open the connector's page, which any number of callers share. */
function askForConsent(store: XpanderStore, { connector, wish }: Attempt): SandboxResponse {
  store.setIntent(connector.id, wish)
  const consent = {
    oauth2_required: true,
    message: `Open the page of ${connector.name} and sign in to connect it.`,
    connector_page_url: store.world.pageLink(`/xpander/connectors/${connector.id}`),
  }
  if (connector.oddity !== 'merged') return { status: 200, body: consent }
  const createdAt = store.world.now().toISOString()
  const pending = { ...wish, connectorId: connector.id, owner: users[0], createdAt }
  return { status: 200, body: { ...connectionJson(connector, pending), ...consent } }
}

function hasCredentials({ security, headers }: JsonObject): boolean {
  const labels = ['authMethod', 'headerName'] // these say how a secret is sent, they are none
  const secrets = Object.entries(objectOf(security)).filter(([name]) => !labels.includes(name))
  const values = [...secrets.map(([, value]) => value), ...Object.values(objectOf(headers))]
  return values.some((value) => textOf(value) !== undefined || isObject(value))
}
