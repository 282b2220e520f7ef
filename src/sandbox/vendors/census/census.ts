import { createRouter, type Route } from '../../router.ts'
import type { SandboxContext, Vendor } from '../../vendor.ts'
import { catalogueRoutes } from './catalogue.ts'
import { connectionRoutes } from './connections.ts'
import { linkRoutes } from './links.ts'
import { createLinkPages } from './page.ts'
import { errorResponse, success } from './responses.ts'
import { createCensusState } from './state.ts'
import type { Kind } from './types.ts'

// V1 accepts a workspace API key, which includes the `secret-token:` prefix; V2 accepts a personal access token.
const workspaceKey = 'Bearer secret-token:sandbox'
const personalToken = 'Bearer sandbox-pat'
const kinds: readonly Kind[] = ['destination', 'source', 'activation']

/** Fake of app.getcensus.com: API V1, API V2 ("Fivetran Activations") and the pages of connect links. */
export function createCensus(context: SandboxContext): Vendor {
  const state = createCensusState(context)
  const routes = kinds.flatMap((kind) => [
    linkRoutes(state, kind),
    connectionRoutes(state, kind),
    catalogueRoutes(state, kind),
  ])
  const router = createRouter({
    ...Object.fromEntries(routes.flatMap(Object.entries<Route>)),
    'GET /api/v1/workspace': () =>
      success({
        id: 1,
        name: 'Sandbox',
        organization_id: 1,
        created_at: context.stateCreatedAt().toISOString(),
        notification_emails: [],
      }),
  })
  return {
    name: 'census',
    pages: createLinkPages(state),
    breakConnection(id, options) {
      const candidateKinds = kinds.filter((kind) => (options.kind ?? kind) === kind)
      const kind = candidateKinds.find((one) => state.connection(one, id) !== undefined)
      const connection = kind && state.connectionToChange(kind, id)
      if (connection === undefined) return false
      connection.testSucceeded = false
      connection.testedAt = context.now().toISOString()
      return true
    },
    api(request) {
      const key = request.path.startsWith('/api/v2/') ? personalToken : workspaceKey
      if (request.headers.authorization !== `${key}${context.suffix}`) return errorResponse(401)
      if (request.rawBody !== '' && request.body === undefined)
        return errorResponse(400, 'The body is not valid JSON')
      const route = router.find(request.method, request.path)
      return typeof route === 'function' ? route(request) : errorResponse(404)
    },
  }
}
