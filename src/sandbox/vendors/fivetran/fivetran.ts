import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import { createRouter } from '../../router.ts'
import type { SandboxContext, Vendor } from '../../vendor.ts'
import { createCardPages } from './card-page.ts'
import { connectionRoutes } from './connections.ts'
import { groupRoutes } from './groups.ts'
import { metadataRoutes } from './metadata.ts'
import { errorResponse, success } from './responses.ts'
import { breakSetup } from './setup.ts'
import { createFivetranState } from './state.ts'
import { createEmit, webhookRoutes } from './webhooks.ts'

// The hourly limit of a paid account. Reported in headers, not enforced: …/getting-started/rate-limiting
const hourlyLimit = 20_000

/** The fake of api.fivetran.com and of the Connect Card. */
export function createFivetran(context: SandboxContext): Vendor {
  const key = `sandbox-key${context.suffix}:sandbox-secret${context.suffix}`
  const credentials = `Basic ${Buffer.from(key).toString('base64')}`
  const state = createFivetranState(context)
  const emit = createEmit(state)
  const router = createRouter({
    ...connectionRoutes(state, emit),
    ...groupRoutes(state),
    ...metadataRoutes(state),
    ...webhookRoutes(state),
    'GET /v1/account/info': () =>
      success({
        account_id: 'sandbox_account',
        account_name: 'Sandbox',
        system_key_id: 'sandbox_system_key',
      }),
  })
  let hour = 0
  let requestCount = 0

  async function handle(request: SandboxRequest): Promise<SandboxResponse> {
    const route = router.find(request.method, request.path)
    const rejection = checkRequest(request, credentials)
    if (rejection !== undefined) return rejection
    if (route === undefined) return errorResponse(404, 'NotFound', 'HTTP 404 Not Found')
    if (route === 'method') return errorResponse(405, 'MethodNotAllowed', 'HTTP 405 Method Not Allowed')
    return route(request)
  }

  return {
    name: 'fivetran',
    pages: createCardPages(state, emit),
    breakConnection(id) {
      const connection = state.connectionToChange(id)
      if (connection !== undefined) breakSetup(connection)
      return connection !== undefined
    },
    async api(request) {
      const thisHour = Math.floor(request.now.getTime() / 3_600_000)
      requestCount = thisHour === hour ? requestCount + 1 : 1
      hour = thisHour
      const response = await handle(request)
      const remaining = String(Math.max(0, hourlyLimit - requestCount))
      const limits = { 'X-Rate-Limit': String(hourlyLimit), 'X-Rate-Limit-Remaining': remaining }
      return { ...response, headers: { ...limits, ...response.headers } }
    },
  }
}

/** The error response for a request with wrong credentials, headers or body; undefined: the request is valid. */
function checkRequest(
  { path, headers, body, rawBody }: SandboxRequest,
  credentials: string,
): SandboxResponse | undefined {
  if (!path.startsWith('/public/') && headers.authorization !== credentials) {
    // The `code` of Fivetran's 401 is not documented.
    return errorResponse(401, 'Unauthorized', 'The API key or secret is missing or wrong')
  }
  // application/json;version=2 is the documented default; any JSON version and */* are accepted: …/api-versioning
  if (!/application\/json|\*\/\*|application\/\*/i.test(headers.accept ?? '*/*')) {
    return errorResponse(406, 'NotAcceptable', 'HTTP 406 Not Acceptable')
  }
  if (rawBody === '') return undefined
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) {
    return errorResponse(415, 'UnsupportedMediaType', 'HTTP 415 Unsupported Media Type')
  }
  return body === undefined
    ? errorResponse(400, 'BadRequest', 'The request body is not valid JSON')
    : undefined
}
