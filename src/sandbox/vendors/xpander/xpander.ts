import type { SandboxRequest } from '../../http-types.ts'
import { createRouter, type Route } from '../../router.ts'
import type { Vendor, World } from '../../vendor.ts'
import { connect } from './connect.ts'
import { listConnectors, listOperations, listToolOperations, searchConnectors } from './connectors.ts'
import { authRefusal, type Family, refuse } from './errors.ts'
import { connectorPages } from './page.ts'
import { createXpanderStore, type XpanderStore } from './state.ts'

/** xpander: two generations of one API over the same connectors and connections. */
export function createXpander(world: World): Vendor {
  const store = createXpanderStore(world)
  const api = createRouter({ ...guarded('connectors', older(store)), ...guarded('tools', newer(store)) })
  return {
    name: 'xpander',
    async api(request) {
      const route = api.find(request.method, request.path)
      // As its framework does, unknown paths come before the key; a connector by id is one of them.
      if (route === undefined) return refuse(404, 'Not Found')
      const answer = route === 'method' ? refuse(405, 'Method Not Allowed') : await route(request)
      return { ...answer, headers: { ...answer.headers, ...rateHeaders(request) } }
    },
    pages: createRouter(connectorPages(store)),
  }
}

function older(store: XpanderStore): Record<string, Route> {
  return {
    'GET /v1/connectors': listConnectors(store, 'connectors'),
    'GET /v1/connectors/search': searchConnectors(store, 'connectors'),
    'POST /v1/connectors/:connector/connect': connect(store, 'connectors'),
    'GET /v1/connectors/:connector/:connection/operations': listOperations(store),
  }
}

function newer(store: XpanderStore): Record<string, Route> {
  return {
    'GET /v1/tools': listConnectors(store, 'tools'),
    'GET /v1/tools/search': searchConnectors(store, 'tools'),
    'POST /v1/tools/connectors/:connector/connect': connect(store, 'tools'),
    'GET /v1/tools/connectors/:connector/operations': listToolOperations(store),
  }
}

function guarded(family: Family, routes: Readonly<Record<string, Route>>): Record<string, Route> {
  const closed = Object.entries(routes).map(([pattern, run]): [string, Route] => [
    pattern,
    (request, ...captured) => authRefusal(family, request) ?? run(request, ...captured),
  ])
  return Object.fromEntries(closed)
}

// Sent, never enforced: a 429 is a matter of the fault switches.
function rateHeaders({ now }: SandboxRequest): Record<string, string> {
  const reset = Math.ceil(now.getTime() / 60_000) * 60
  return { 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '99', 'x-ratelimit-reset': String(reset) }
}
