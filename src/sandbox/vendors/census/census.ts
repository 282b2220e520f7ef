import { createRouter, type Route } from '../../router.ts'
import type { Vendor, World } from '../../vendor.ts'
import { catalogueRoutes } from './catalogue.ts'
import { connectionRoutes } from './connections.ts'
import { linkRoutes } from './links.ts'
import { createLinkPages } from './page.ts'
import { refusal, success } from './responses.ts'
import { createLedger, type Kind } from './state.ts'

// V1 takes the key of a workspace, whose prefix is a part of it; V2 takes a personal access token.
const workspaceKey = 'Bearer secret-token:sandbox'
const personalToken = 'Bearer sandbox-pat'
const kinds: readonly Kind[] = ['destination', 'source', 'activation']

/** The fake of app.getcensus.com: API V1, API V2 ("Fivetran Activations") and the pages of connect links. */
export function createCensus(world: World): Vendor {
  const ledger = createLedger(world)
  const routes = kinds.flatMap((kind) => [
    linkRoutes(ledger, kind),
    connectionRoutes(ledger, kind),
    catalogueRoutes(ledger, kind),
  ])
  const router = createRouter({
    ...Object.fromEntries(routes.flatMap(Object.entries<Route>)),
    'GET /api/v1/workspace': () =>
      success({
        id: 1,
        name: 'Sandbox',
        organization_id: 1,
        created_at: world.bornAt().toISOString(),
        notification_emails: [],
      }),
  })
  return {
    name: 'census',
    pages: createLinkPages(ledger),
    breakConnection(id, how) {
      const wanted = kinds.filter((kind) => (how.kind ?? kind) === kind)
      const kind = wanted.find((one) => ledger.connection(one, id) !== undefined)
      const found = kind && ledger.connectionToChange(kind, id)
      if (found === undefined) return false
      found.testSucceeded = false
      found.testedAt = world.now().toISOString()
      return true
    },
    api(request) {
      const key = request.path.startsWith('/api/v2/') ? personalToken : workspaceKey
      if (request.headers.authorization !== key) return refusal(401)
      if (request.rawBody !== '' && request.body === undefined)
        return refusal(400, 'The body is not valid JSON')
      const route = router.find(request.method, request.path)
      return typeof route === 'function' ? route(request) : refusal(404)
    },
  }
}
