import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import { createRouter } from '../../router.ts'
import type { Vendor, World } from '../../vendor.ts'
import { createCardPages } from './card-page.ts'
import { connectionRoutes } from './connections.ts'
import { groupRoutes } from './groups.ts'
import { metadataRoutes } from './metadata.ts'
import { refusal, success } from './responses.ts'
import { breakSetup } from './setup.ts'
import { createLedger } from './state.ts'
import { createEmit, webhookRoutes } from './webhooks.ts'

const credentials = `Basic ${Buffer.from('sandbox-key:sandbox-secret').toString('base64')}`
// A paid account's hourly allowance; it is shown, not enforced: …/getting-started/rate-limiting
const hourlyLimit = 20_000

/** The fake of api.fivetran.com and of the Connect Card. */
export function createFivetran(world: World): Vendor {
  const ledger = createLedger(world)
  const emit = createEmit(ledger)
  const router = createRouter({
    ...connectionRoutes(ledger, emit),
    ...groupRoutes(ledger),
    ...metadataRoutes(ledger),
    ...webhookRoutes(ledger),
    'GET /v1/account/info': () =>
      success({ account_id: 'sandbox_account', account_name: 'Sandbox', user_id: 'sandbox_user' }),
  })
  let hour = 0
  let asked = 0

  async function answer(request: SandboxRequest): Promise<SandboxResponse> {
    const route = router.find(request.method, request.path)
    const problem = refuse(request)
    if (problem !== undefined) return problem
    if (route === undefined) return refusal(404, 'NotFound', 'HTTP 404 Not Found')
    if (route === 'method') return refusal(405, 'MethodNotAllowed', 'HTTP 405 Method Not Allowed')
    return route(request)
  }

  return {
    name: 'fivetran',
    pages: createCardPages(ledger, emit),
    breakConnection(id) {
      const connection = ledger.connectionToChange(id)
      if (connection !== undefined) breakSetup(connection)
      return connection !== undefined
    },
    async api(request) {
      const thisHour = Math.floor(request.now.getTime() / 3_600_000)
      asked = thisHour === hour ? asked + 1 : 1
      hour = thisHour
      const answered = await answer(request)
      const remaining = String(Math.max(0, hourlyLimit - asked))
      const limits = { 'X-Rate-Limit': String(hourlyLimit), 'X-Rate-Limit-Remaining': remaining }
      return { ...answered, headers: { ...limits, ...answered.headers } }
    },
  }
}

function refuse({ path, headers, body, rawBody }: SandboxRequest): SandboxResponse | undefined {
  if (!path.startsWith('/public/') && headers.authorization !== credentials) {
    // The code of the real 401 is not documented.
    return refusal(401, 'Unauthorized', 'The API key or secret is missing or wrong')
  }
  // application/json;version=2 is the documented default, any JSON version and */* work: …/api-versioning
  if (!/application\/json|\*\/\*|application\/\*/i.test(headers.accept ?? '*/*')) {
    return refusal(406, 'NotAcceptable', 'HTTP 406 Not Acceptable')
  }
  if (rawBody === '') return undefined
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) {
    return refusal(415, 'UnsupportedMediaType', 'HTTP 415 Unsupported Media Type')
  }
  return body === undefined ? refusal(400, 'BadRequest', 'The request body is not valid JSON') : undefined
}
