import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Faults, isOnlyDelay, playFault, waitOut } from './faults.ts'
import { isFromForeignPage, isLoopback, readRequest, send, splitTarget } from './http.ts'
import type { SandboxRequest, SandboxResponse } from './http-types.ts'
import type { RequestLog } from './request-log.ts'
import type { Router } from './router.ts'
import type { Vendor, World } from './vendor.ts'

/** What the doors lead to. */
export interface SandboxParts {
  readonly vendors: readonly Vendor[]
  readonly control: Router
  readonly faults: Faults
  readonly requests: RequestLog
  readonly world: World
}

/** The two ways in. */
export interface RequestHandler {
  /** Everything, for loopback peers: APIs, pages and control. */
  serve(request: IncomingMessage, response: ServerResponse): void
  /** The hosted pages alone; false when none lives at that path. */
  servePage(request: IncomingMessage, response: ServerResponse, pathAndQuery: string): boolean
}

const tooLarge: SandboxResponse = {
  status: 413,
  headers: { connection: 'close' },
  body: { error: 'body over 1 MB' },
}
const loopbackOnly: SandboxResponse = { status: 403, body: { error: 'loopback only' } }

export function createRequestHandler(house: SandboxParts): RequestHandler {
  function servePage(request: IncomingMessage, response: ServerResponse, pathAndQuery: string): boolean {
    const vendor = vendorOf(house, pathAndQuery)
    if (vendor === undefined) return false
    const target = below(vendor, pathAndQuery)
    const page = vendor.pages.find(request.method ?? 'GET', splitTarget(target).path)
    if (page === undefined) return false
    guard(response, async () => {
      const read = await readRequest(request, target, house.world.now)
      if (read === undefined) return send(response, tooLarge)
      send(response, page === 'method' ? { status: 405 } : await page(read))
      if (read.method === 'POST') house.world.changed()
    })
    return true
  }

  function serve(request: IncomingMessage, response: ServerResponse): void {
    const target = request.url ?? '/'
    if (!isLoopback(request)) send(response, loopbackOnly)
    else if (!servePage(request, response, target)) guard(response, () => answer(house, request, response))
  }

  return { serve, servePage }
}

async function answer(
  house: SandboxParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const target = request.url ?? '/'
  const vendor = vendorOf(house, target)
  const read = await readRequest(
    request,
    vendor === undefined ? target : below(vendor, target),
    house.world.now,
  )
  if (read === undefined) return send(response, tooLarge)
  if (vendor !== undefined) return answerApi(house, { vendor, read, target }, response)
  if (isFromForeignPage(request)) return send(response, loopbackOnly)
  const control = house.control.find(read.method, read.path)
  send(
    response,
    typeof control === 'function' ? await control(read) : { status: control === 'method' ? 405 : 404 },
  )
}

interface ApiCall {
  readonly vendor: Vendor
  readonly read: SandboxRequest
  readonly target: string
}

async function answerApi(
  house: SandboxParts,
  { vendor, read, target }: ApiCall,
  response: ServerResponse,
): Promise<void> {
  const { method, headers, body } = read
  const at = read.now.toISOString()
  house.requests.add({ method, path: target, headers, at, ...(body === undefined ? {} : { body }) })
  const fault = house.faults.take(vendor.name, method, target)
  const early = fault?.acts ? await act(house, vendor, read) : undefined
  if (fault !== undefined) {
    await waitOut(fault, response)
    if (!isOnlyDelay(fault)) return playFault(fault, response)
  }
  send(response, early ?? (await act(house, vendor, read)))
}

async function act({ world }: SandboxParts, vendor: Vendor, read: SandboxRequest): Promise<SandboxResponse> {
  const answer = await vendor.api(read)
  if (read.method !== 'GET' && read.method !== 'HEAD') world.changed()
  return answer
}

/** A bug in a fake vendor is answered, not thrown: a gateway that runs beside the sandbox must survive it. */
function guard(response: ServerResponse, work: () => Promise<void>): void {
  work().catch((error: unknown) => {
    send(response, {
      status: 500,
      body: { error: `sandbox: ${error instanceof Error ? error.message : error}` },
    })
  })
}

function vendorOf(house: SandboxParts, target: string): Vendor | undefined {
  return house.vendors.find(({ name }) => target.startsWith(`/${name}/`))
}

function below(vendor: Vendor, target: string): string {
  return target.slice(vendor.name.length + 1)
}
