import type { SandboxRequest } from '../../http-types.ts'
import { createRouter, type Route } from '../../router.ts'
import type { SandboxContext, Vendor } from '../../vendor.ts'
import { connect } from './connect.ts'
import {
  invokeOperation,
  listConnectors,
  listOperations,
  listToolOperations,
  searchConnectors,
} from './connectors.ts'
import { authErrorResponse, errorResponse, type Family } from './errors.ts'
import { connectorPages } from './page.ts'
import { createXpanderState, type XpanderState } from './state.ts'

/** Fake of xpander: two generations of one API over the same connectors and connections. */
export function createXpander(context: SandboxContext): Vendor {
  const state = createXpanderState(context)
  const api = createRouter({
    ...authenticated('connectors', connectorRoutes(state), context),
    ...authenticated('tools', toolRoutes(state), context),
  })
  return {
    name: 'xpander',
    async api(request) {
      const route = api.find(request.method, request.path)
      // As in FastAPI, an unknown path is rejected before the API key is checked. This includes a connector by ID:
      // there is no such endpoint.
      if (route === undefined) return errorResponse(404, 'Not Found')
      const response = route === 'method' ? errorResponse(405, 'Method Not Allowed') : await route(request)
      return { ...response, headers: { ...response.headers, ...rateHeaders(request) } }
    },
    pages: createRouter(connectorPages(state)),
  }
}

function connectorRoutes(state: XpanderState): Record<string, Route> {
  return {
    'GET /v1/connectors': listConnectors(state, 'connectors'),
    'GET /v1/connectors/search': searchConnectors(state, 'connectors'),
    'POST /v1/connectors/:connector/connect': connect(state, 'connectors'),
    'GET /v1/connectors/:connector/:connection/operations': listOperations(state),
  }
}

function toolRoutes(state: XpanderState): Record<string, Route> {
  return {
    'GET /v1/tools': listConnectors(state, 'tools'),
    'GET /v1/tools/search': searchConnectors(state, 'tools'),
    'POST /v1/tools/connectors/:connector/connect': connect(state, 'tools'),
    'GET /v1/tools/connectors/:connector/operations': listToolOperations(state),
    'POST /v1/tools/connectors/:connector/connections/:connection/:operation': invokeOperation(state),
  }
}

function authenticated(
  family: Family,
  routes: Readonly<Record<string, Route>>,
  { suffix }: SandboxContext,
): Record<string, Route> {
  const entries = Object.entries(routes).map(([pattern, run]): [string, Route] => [
    pattern,
    (request, ...captured) => authErrorResponse(family, request, suffix) ?? run(request, ...captured),
  ])
  return Object.fromEntries(entries)
}

// Sent, but not enforced: inject a fault to get a 429.
function rateHeaders({ now }: SandboxRequest): Record<string, string> {
  const reset = Math.ceil(now.getTime() / 60_000) * 60
  return { 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '99', 'x-ratelimit-reset': String(reset) }
}
