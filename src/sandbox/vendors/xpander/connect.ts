import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import type { JsonObject } from '../../json.ts'
import { isObject, objectOf, textOf } from '../../json.ts'
import { connectBodyIssues, readBool } from './connect-body.ts'
import type { XpanderConnector } from './connector-list.ts'
import { errorResponse, type Family, missing, unprocessable } from './errors.ts'
import { connectionJson } from './items.ts'
import { accessScopes, type Intent, newIntent, users, type XpanderState } from './state.ts'

/** POST …/connect. Checks in the order assumed for xpander: body, model, connector, business rules. */
export function connect(state: XpanderState, family: Family) {
  return (request: SandboxRequest, connectorId = ''): SandboxResponse => {
    const issues = connectBodyIssues(request)
    if (issues.length > 0) return unprocessable(family, issues)
    const fields = objectOf(request.body)
    const connector = state.connector(connectorId)
    if (connector === undefined) return errorResponse(404, 'Connector not found')
    if (connector.status !== 'ready') return errorResponse(400, `Connector is not ready: ${connector.status}`)
    const scope = fields.access_scope ?? 'personal'
    const accessScope = accessScopes.find((known) => known === scope)
    if (accessScope === undefined)
      return errorResponse(400, 'access_scope must be personal or organizational')
    const intent = newIntent(connector, {
      name: String(fields.name),
      accessScope,
      isServiceAccount: readBool(fields.is_service_account) ?? false,
      ...(textOf(fields.version) === undefined ? {} : { version: String(fields.version) }),
    })
    return connectByScheme(state, family, { connector, fields, intent })
  }
}

interface ConnectRequest {
  readonly connector: XpanderConnector
  readonly fields: JsonObject
  readonly intent: Intent
}

/**
 * `security` is optional in the documentation. Without it a connector with built-in OAuth requires consent on its page; one
 * that needs no credentials is connected; one that needs a key gets a connection that cannot be used, or a 422.
 */
function connectByScheme(state: XpanderState, family: Family, request: ConnectRequest): SandboxResponse {
  const { connector, fields } = request
  if (connector.scheme === 'oauth2' && !isObject(objectOf(fields.security).oauth2Token)) {
    return requireConsent(state, request)
  }
  if (connector.withoutKey === 'invalid' && !hasCredentials(fields)) {
    return unprocessable(family, [missing(['body', 'security'], fields)])
  }
  const connection = state.addConnection(connector, request.intent)
  const status = connector.responseVariant === 'created' ? 201 : 200
  // The schema of the success response is not published; connections in lists have this shape.
  return { status, body: connectionJson(connector, connection) }
}

/** Creates no connection yet: a person has to open the connector's page, which all callers share, and give consent. */
function requireConsent(state: XpanderState, { connector, intent }: ConnectRequest): SandboxResponse {
  state.setIntent(connector, intent)
  const consent = {
    oauth2_required: true,
    message: `Open the page of ${connector.name} and sign in to connect it.`,
    connector_page_url: state.context.pageUrl(`/xpander/connectors/${connector.id}`),
  }
  if (connector.responseVariant !== 'merged') return { status: 200, body: consent }
  const createdAt = state.context.now().toISOString()
  const pending = { ...intent, connectorId: connector.id, owner: users[0], createdAt }
  return { status: 200, body: { ...connectionJson(connector, pending), ...consent } }
}

function hasCredentials({ security, headers }: JsonObject): boolean {
  const nonSecretFields = ['authMethod', 'headerName'] // describe how a secret is sent
  const secrets = Object.entries(objectOf(security)).filter(([name]) => !nonSecretFields.includes(name))
  const values = [...secrets.map(([, value]) => value), ...Object.values(objectOf(headers))]
  return values.some((value) => textOf(value) !== undefined || isObject(value))
}
