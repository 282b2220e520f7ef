import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import { objectOf, textOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import { credentialFields } from './integrations.ts'
import { errorResponse, ok, readsCredentials, withOffset, withScope } from './responses.ts'
import type { Connection, NangoState } from './state.ts'

const maxLimit = 1_000

/** The proxy, for a path of any length. There is no application: the answer repeats the request. */
export const proxyRoute = (state: NangoState): Route =>
  withScope(state.context, 'environment:proxy', ({ method, path, headers }) => {
    const id = String(headers['connection-id'] ?? '')
    const key = String(headers['provider-config-key'] ?? '')
    const connection = state.connection(id, key)
    if (connection === undefined) return errorResponse(404, 'not_found', 'Failed to find connection')
    return ok({ method, path: path.slice('/proxy'.length), integration: connection.integration })
  })

/** Routes of connections and of their metadata. */
export function connectionRoutes(state: NangoState): Record<string, Route> {
  const authorized = (action: string, run: Route) =>
    withScope(state.context, `environment:connections:${action}`, run)
  const setMetadata = (merge: boolean) =>
    authorized('update', ({ body }) => {
      const { connection_id, provider_config_key, metadata } = objectOf(body)
      const ids = Array.isArray(connection_id) ? connection_id : [connection_id]
      const found = ids.map((id) => state.connection(textOf(id) ?? '', textOf(provider_config_key)))
      if (found.includes(undefined)) return errorResponse(404, 'unknown_connection')
      for (const one of found)
        if (one) state.replace(one, { metadata: { ...(merge ? one.metadata : {}), ...objectOf(metadata) } })
      return ok(objectOf(body))
    })
  return {
    'GET /connections': authorized('list', (request) => list(state, request)),
    'POST /connections/metadata': setMetadata(false),
    'PATCH /connections/metadata': setMetadata(true),
    'GET /connections/:id': authorized('read', (request, id = '') => {
      const key = request.query.get('provider_config_key') ?? ''
      if (state.integrations.find(key) === undefined)
        return errorResponse(400, 'unknown_provider_config', 'Provider does not exists')
      const connection = state.connection(id, key)
      if (connection === undefined) return errorResponse(404, 'not_found', 'Failed to find connection')
      return ok(fullJson(state, connection, request))
    }),
    'PATCH /connections/:id': authorized('update', ({ query, body }, id = '') => {
      const connection = state.connection(id, query.get('provider_config_key') ?? '')
      if (connection === undefined) return errorResponse(404, 'not_found', 'Failed to find connection')
      const tags = Object.entries(objectOf(objectOf(body).tags)).map(([name, value]) => [
        name.toLowerCase(),
        String(value),
      ])
      state.replace(connection, { tags: Object.fromEntries(tags) })
      return ok({ success: true })
    }),
    'DELETE /connections/:id': authorized('delete', ({ query }, id = '') => {
      const connection = state.connection(id, query.get('provider_config_key') ?? '')
      if (connection === undefined) return errorResponse(400, 'unknown_connection')
      state.remove(connection)
      return ok({ success: true })
    }),
  }
}

function list(state: NangoState, { query }: SandboxRequest): SandboxResponse {
  const id = query.get('connectionId')
  const integrations = query.get('integrationId')?.split(',')
  const endUserId = query.get('endUserId')
  const search = query.get('search')?.toLowerCase() ?? ''
  const tags = [...query].flatMap(([name, value]) => {
    const tag = /^tags\[(.+)\]$/.exec(name)?.[1]
    return tag === undefined ? [] : [[tag.toLowerCase(), value] as const]
  })
  const found = state
    .connections()
    .filter(
      (one) =>
        (id === null || one.connectionId === id) &&
        (integrations === undefined || integrations.includes(one.integration)) &&
        (endUserId === null || one.tags.end_user_id === endUserId) &&
        tags.every(([name, value]) => one.tags[name] === value) &&
        `${one.connectionId} ${Object.values(one.tags).join(' ')}`.toLowerCase().includes(search),
    )
  const limit = Number(query.get('limit') ?? maxLimit)
  const page = Number(query.get('page') ?? 0)
  if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit || !Number.isInteger(page) || page < 0)
    return errorResponse(400, 'invalid_query_params')
  const rows = found.slice(page * limit, (page + 1) * limit)
  return ok({
    connections: rows.map((one) => ({ ...commonJson(one), created: withOffset(one.createdAt) })),
  })
}

const commonJson = (connection: Connection) => ({
  id: connection.id,
  connection_id: connection.connectionId,
  provider_config_key: connection.integration,
  provider: connection.integration,
  errors: connection.isBroken ? [{ type: 'auth', log_id: `log_${connection.id}` }] : [],
  end_user: null,
  tags: connection.tags,
  metadata: connection.metadata,
})

const fullJson = (state: NangoState, connection: Connection, request: SandboxRequest) => ({
  ...commonJson(connection),
  connection_config: connection.config,
  webhook_url_override: connection.webhookUrl,
  created_at: withOffset(connection.createdAt),
  updated_at: withOffset(connection.updatedAt),
  last_fetched_at: withOffset(request.now.toISOString()),
  credentials: readsCredentials(state.context, request) ? credentialsJson(state, connection) : {},
})

function credentialsJson(state: NangoState, { integration }: Connection) {
  const found = state.integrations.find(integration)
  const type = found?.authMode ?? 'OAUTH2'
  const names = found ? Object.keys(credentialFields(found)) : []
  const values = names.length > 0 ? names : ['access_token']
  return { type, ...Object.fromEntries(values.map((name) => [name, `example-${name}`])) }
}
