import { accountRoutes } from './pipedream/accounts.ts'
import { appRoutes, notFound } from './pipedream/apps.ts'
import { connectPages } from './pipedream/page.ts'
import { createPipedreamStore } from './pipedream/store.ts'
import { tokenRoutes } from './pipedream/tokens.ts'
import { createRouter } from './router.ts'
import type { Vendor, World } from './vendor.ts'

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
