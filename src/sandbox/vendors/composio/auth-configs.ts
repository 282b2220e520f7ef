import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import { objectOf, textOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import { badRequest, notFound, ok, page, readList } from './responses.ts'
import { type AuthConfig, type ComposioState, newId } from './state.ts'

/** Routes of auth configs. */
export function authConfigRoutes(state: ComposioState): Record<string, Route> {
  const find = (id: string) => state.authConfigs().find((one) => one.id === id)
  return {
    'GET /auth_configs': ({ query }) => {
      const toolkits = readList(query, 'toolkit_slug')
      const showsDisabled = query.get('show_disabled') === 'true'
      const found = state
        .authConfigs()
        .filter(({ toolkit, enabled }) => (enabled || showsDisabled) && (toolkits?.has(toolkit) ?? true))
      const { rows, fields } = page(found, query, [20, 50])
      return ok({ items: rows.map((one) => authConfigJson(state, one)), ...fields })
    },
    'POST /auth_configs': (request) => create(state, request),
    'GET /auth_configs/:id': (_request, id = '') => {
      const found = find(id)
      return found === undefined ? notFound('AuthConfig', id) : ok(authConfigJson(state, found))
    },
    'PATCH /auth_configs/:id/:status': (_request, id = '', status = '') => {
      const found = find(id)
      if (found === undefined) return notFound('AuthConfig', id)
      if (!/^(ENABLED|DISABLED)$/.test(status)) return badRequest('AuthConfig', 'status is invalid')
      const others = state.data().authConfigs.filter((one) => one.id !== id)
      state.data().authConfigs = [...others, { ...found, enabled: status === 'ENABLED' }]
      return ok({ success: true })
    },
  }
}

function create(state: ComposioState, { body, now }: SandboxRequest): SandboxResponse {
  const slug = textOf(objectOf(objectOf(body).toolkit).slug) ?? ''
  const toolkit = state.toolkits.find(slug)
  if (toolkit === undefined) return badRequest('AuthConfig', 'toolkit.slug names no toolkit')
  const created: AuthConfig = {
    id: newId('ac'),
    toolkit: slug,
    name: textOf(objectOf(objectOf(body).auth_config).name) ?? toolkit.name,
    scheme: toolkit.scheme,
    createdAt: now.toISOString(),
    enabled: true,
  }
  state.data().authConfigs.push(created)
  const auth_config = { id: created.id, auth_scheme: created.scheme, is_composio_managed: true }
  return ok({ toolkit: { slug }, auth_config }, 201)
}

function authConfigJson(state: ComposioState, { id, toolkit, name, scheme, createdAt, enabled }: AuthConfig) {
  return {
    id,
    uuid: id,
    type: 'default',
    toolkit: { slug: toolkit, logo: state.context.pageUrl(`/composio/logos/${toolkit}.svg`) },
    name,
    auth_scheme: scheme,
    is_composio_managed: true,
    credentials: { client_secret: 'sandbox-client-secret' },
    status: enabled ? 'ENABLED' : 'DISABLED',
    created_at: createdAt,
    last_updated_at: createdAt,
    no_of_connections: state.accounts().filter(({ authConfigId }) => authConfigId === id).length,
    tool_access_config: {},
  }
}
