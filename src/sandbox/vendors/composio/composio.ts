import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import { createRouter } from '../../router.ts'
import type { SandboxContext, Vendor } from '../../vendor.ts'
import { accountRoutes } from './accounts.ts'
import { authConfigRoutes } from './auth-configs.ts'
import { linkPages } from './page.ts'
import { errorResponse } from './responses.ts'
import { createComposioState } from './state.ts'
import { toolkitRoutes } from './toolkits.ts'
import { toolRoutes } from './tools.ts'
import { sendExpired, webhookRoutes } from './webhooks.ts'

const base = '/api/v3.1'

/** The fake of backend.composio.dev, version 3.1, and of its hosted links. */
export function createComposio(context: SandboxContext): Vendor {
  const state = createComposioState(context)
  const router = createRouter({
    ...accountRoutes(state),
    ...authConfigRoutes(state),
    ...toolkitRoutes(state),
    ...toolRoutes(state),
    ...webhookRoutes(state),
  })

  async function handle(request: SandboxRequest): Promise<SandboxResponse> {
    const { method, path, body, rawBody } = request
    // A project has any number of keys: the gateway replaces one by another.
    const key = String(request.headers['x-api-key'] ?? '').replace(/\.\d$/, '')
    if (key !== `sandbox-key${context.suffix}`) return errorResponse(401, 'Unauthorized', 'Invalid API key')
    const route = path.startsWith(`${base}/`) ? router.find(method, path.slice(base.length)) : undefined
    if (route === undefined) return errorResponse(404, 'NotFound', 'Cannot find the path')
    if (route === 'method') return errorResponse(405, 'MethodNotAllowed', 'Method not allowed')
    if (rawBody !== '' && body === undefined) return errorResponse(400, 'BadRequest', 'Invalid JSON')
    return route(request)
  }

  return {
    name: 'composio',
    api: handle,
    pages: createRouter(linkPages(state)),
    breakConnection(id) {
      const account = state.accountToChange(id)
      if (account === undefined) return false
      account.status = 'EXPIRED'
      account.statusReason = 'Permanent auth error during token refresh'
      account.updatedAt = context.now().toISOString()
      sendExpired(state, account)
      return true
    },
  }
}
