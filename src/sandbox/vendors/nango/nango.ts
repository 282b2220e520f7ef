import { createRouter, type Route } from '../../router.ts'
import type { SandboxContext, Vendor } from '../../vendor.ts'
import { connectionRoutes, proxyRoute } from './connections.ts'
import { integrationJson, templateJson } from './integrations.ts'
import { connectPages } from './page.ts'
import { errorResponse, ok, rateHeaders, withScope } from './responses.ts'
import { sessionRoutes } from './sessions.ts'
import { createNangoState, type NangoState } from './state.ts'

/** Fake of one environment of a self-hosted Nango. Unlike a real one, it sends webhooks to URLs of this machine. */
export function createNango(context: SandboxContext): Vendor {
  const state = createNangoState(context)
  const api = createRouter({ ...catalogueRoutes(state), ...sessionRoutes(state), ...connectionRoutes(state) })
  const proxy = proxyRoute(state)
  return {
    name: 'nango',
    async api(request) {
      const route = request.path.startsWith('/proxy/') ? proxy : api.find(request.method, request.path)
      const response =
        typeof route === 'function'
          ? await route(request)
          : errorResponse(404, 'not_found', `Endpoint does not exist: ${request.method} ${request.path}`)
      return { ...response, headers: { ...response.headers, ...rateHeaders(request) } }
    },
    pages: createRouter(connectPages(state)),
    breakConnection: (id) => state.breakConnection(id),
  }
}

function catalogueRoutes(state: NangoState): Record<string, Route> {
  const { context, integrations } = state
  const list = 'environment:integrations:list'
  return {
    'GET /integrations': withScope(context, list, () =>
      ok({ data: integrations.list.map((one) => integrationJson(context, one)) }),
    ),
    'GET /integrations/:key': withScope(context, 'environment:integrations:read', (_, key = '') => {
      const found = integrations.find(key)
      return found === undefined
        ? errorResponse(404, 'not_found', `Integration "${key}" does not exist`)
        : ok({ data: integrationJson(context, found) })
    }),
    'GET /providers': withScope(context, null, ({ query }) => {
      const search = query.get('search')?.toLowerCase() ?? ''
      const found = integrations.list.filter(({ key }) => key.includes(search))
      return ok({ data: found.map((one) => templateJson(context, one)) })
    }),
    'GET /providers/:name': withScope(context, null, (_, name = '') => {
      const found = integrations.find(name)
      return found === undefined
        ? errorResponse(404, 'unknown_provider', `Unknown provider ${name}`)
        : ok({ data: templateJson(context, found) })
    }),
  }
}
