import { createRouter } from '../../router.ts'
import type { SandboxContext, Vendor } from '../../vendor.ts'
import { accountRoutes } from './accounts.ts'
import { appRoutes, notFound } from './apps.ts'
import { connectPages } from './page.ts'
import { proxyRoutes } from './proxy.ts'
import { createPipedreamState } from './state.ts'
import { tokenRoutes } from './tokens.ts'

/** Fake of Pipedream Connect: tokens, accounts, end users, the app catalogue and the connect link's page. */
export function createPipedream(context: SandboxContext): Vendor {
  const state = createPipedreamState(context)
  // Apps first: otherwise `/v1/connect/apps/…` would match `:project` with the value "apps".
  const api = createRouter({
    ...appRoutes(state),
    ...tokenRoutes(state),
    ...accountRoutes(state),
    ...proxyRoutes(state),
  })
  return {
    name: 'pipedream',
    api(request) {
      const route = api.find(request.method, request.path)
      if (route === 'method') return { status: 405, body: { error: 'method not allowed' } }
      return route === undefined ? notFound : route(request)
    },
    pages: createRouter(connectPages(state)),
    breakConnection: (id, { dead }) => state.breakAccount(id, { dead: dead === true ? true : null }),
  }
}
