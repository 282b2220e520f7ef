import { createRouter } from '../../router.ts'
import type { Vendor, World } from '../../vendor.ts'
import { accountRoutes } from './accounts.ts'
import { appRoutes, notFound } from './apps.ts'
import { connectPages } from './page.ts'
import { createPipedreamStore } from './state.ts'
import { tokenRoutes } from './tokens.ts'

/** Pipedream Connect: tokens, accounts, end users, the app catalogue and the connect link's page. */
export function createPipedream(world: World): Vendor {
  const store = createPipedreamStore(world)
  // Apps first: `/v1/connect/apps/…` would else be read as a project called "apps".
  const api = createRouter({ ...appRoutes(store), ...tokenRoutes(store), ...accountRoutes(store) })
  return {
    name: 'pipedream',
    api(request) {
      const route = api.find(request.method, request.path)
      if (route === 'method') return { status: 405, body: { error: 'method not allowed' } }
      return route === undefined ? notFound : route(request)
    },
    pages: createRouter(connectPages(store)),
    breakConnection: (id, { dead }) => store.spoil(id, { dead: dead === true ? true : null }),
  }
}
