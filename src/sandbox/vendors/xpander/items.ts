import type { XpanderConnector } from './connector-list.ts'
import type { Family } from './errors.ts'
import { type Connection, latestVersion, specId, type XpanderState } from './state.ts'

/** A connector as the catalogue of a family returns it, with its visible connections. */
export function itemJson(state: XpanderState, family: Family, connector: XpanderConnector) {
  const common = {
    id: connector.id,
    name: connector.name,
    description: connector.description,
    logo: connector.name.toLowerCase().replace(/[^a-z0-9]+/g, '-'), // a name on the platform's CDN, not a URL
    status: connector.status,
    total_operations: connector.operations,
    using_built_in_auth: connector.scheme === 'oauth2',
    connections: state.visibleConnections(connector.id).map((one) => connectionJson(connector, one)),
  }
  // `auth_type` applies to MCP servers only; neither family returns how a connector authenticates.
  if (family === 'tools') return { kind: 'connector', ...common, transport: null, auth_type: null, url: null }
  return {
    ...common,
    version: latestVersion(connector),
    open_api_spec_id: specId(connector),
    organization_id: null,
    readiness_score: connector.status === 'ready' ? 60 + (connector.operations % 40) : null,
    connection_hint: connector.scheme === 'apiKey' ? `An API key of ${connector.name}` : null,
    server_url: {},
  }
}

/** A connection as the API returns it: without status, health, end user or secrets. */
export function connectionJson(connector: XpanderConnector, connection: Connection) {
  return {
    id: connection.id,
    name: connection.name,
    access_scope: connection.accessScope,
    is_service_account: connection.isServiceAccount,
    owner: connection.owner,
    version: connection.version,
    open_api_spec_id: specId(connector),
    created_at: connection.createdAt,
  }
}
