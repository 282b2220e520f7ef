import type { IncomingMessage, ServerResponse } from 'node:http'
import { applyDelay, type Faults, isOnlyDelay, sendFault } from './faults.ts'
import { isFromNonLoopbackOrigin, isLoopback, readRequest, send, splitTarget } from './http.ts'
import type { SandboxRequest, SandboxResponse } from './http-types.ts'
import type { RequestLog } from './request-log.ts'
import type { Router } from './router.ts'
import type { SandboxContext, Vendor } from './vendor.ts'

export interface RequestHandlerOptions {
  readonly vendors: readonly Vendor[]
  readonly inbox: { readonly api: Router; readonly pages: Router }
  readonly control: Router
  readonly faults: Faults
  readonly requests: RequestLog
  readonly context: SandboxContext
}

export interface RequestHandler {
  /** Serves APIs, pages and control API, to loopback peers only. */
  serve(request: IncomingMessage, response: ServerResponse): void
  /** Serves hosted pages only; false when there is no page at that path. */
  servePage(request: IncomingMessage, response: ServerResponse, pathAndQuery: string): boolean
}

const tooLarge: SandboxResponse = {
  status: 413,
  headers: { connection: 'close' },
  body: { error: 'body over 1 MB' },
}
const loopbackOnly: SandboxResponse = { status: 403, body: { error: 'loopback only' } }

export function createRequestHandler(options: RequestHandlerOptions): RequestHandler {
  function servePage(request: IncomingMessage, response: ServerResponse, pathAndQuery: string): boolean {
    const vendor = vendorOf(options, pathAndQuery)
    const target = vendor === undefined ? pathAndQuery : stripPrefix(vendor, pathAndQuery)
    const { pages } = vendor ?? options.inbox
    const page = pages.find(request.method ?? 'GET', splitTarget(target).path)
    // The inbox has another method for the API.
    if (page === undefined || (vendor === undefined && page === 'method')) return false
    respondToErrors(response, async () => {
      const parsed = await readRequest(request, target, options.context.now)
      if (parsed === undefined) return send(response, tooLarge)
      send(response, page === 'method' ? { status: 405 } : await page(parsed))
      if (parsed.method === 'POST') options.context.scheduleSave()
    })
    return true
  }

  function serve(request: IncomingMessage, response: ServerResponse): void {
    const target = request.url ?? '/'
    // By the sandbox's clock, as all times in its responses.
    response.setHeader('date', options.context.now().toUTCString())
    if (!isLoopback(request)) send(response, loopbackOnly)
    else if (!servePage(request, response, target))
      respondToErrors(response, () => serveApiOrControl(options, request, response))
  }

  return { serve, servePage }
}

async function serveApiOrControl(
  options: RequestHandlerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const target = request.url ?? '/'
  const vendor = vendorOf(options, target)
  const parsed = await readRequest(
    request,
    vendor === undefined ? target : stripPrefix(vendor, target),
    options.context.now,
  )
  if (parsed === undefined) return send(response, tooLarge)
  if (vendor !== undefined) return serveApi(options, { vendor, request: parsed, target }, response)
  if (isFromNonLoopbackOrigin(request)) return send(response, loopbackOnly)
  const receive = options.inbox.api.find(parsed.method, parsed.path)
  if (typeof receive === 'function') return send(response, await receive(parsed))
  const control = options.control.find(parsed.method, parsed.path)
  send(
    response,
    typeof control === 'function' ? await control(parsed) : { status: control === 'method' ? 405 : 404 },
  )
}

interface ApiCall {
  readonly vendor: Vendor
  readonly request: SandboxRequest
  /** Path and query with the vendor's prefix. */
  readonly target: string
}

async function serveApi(
  options: RequestHandlerOptions,
  { vendor, request, target }: ApiCall,
  response: ServerResponse,
): Promise<void> {
  const { method, headers, body } = request
  const at = request.now.toISOString()
  options.requests.add({ method, path: target, headers, at, ...(body === undefined ? {} : { body }) })
  const fault = options.faults.take(vendor.name, method, target)
  const early = fault?.acts ? await callVendor(options, vendor, request) : undefined
  if (fault !== undefined) {
    await applyDelay(fault, response)
    if (!isOnlyDelay(fault)) return sendFault(fault, response)
  }
  send(response, early ?? (await callVendor(options, vendor, request)))
}

async function callVendor(
  { context }: RequestHandlerOptions,
  vendor: Vendor,
  request: SandboxRequest,
): Promise<SandboxResponse> {
  const result = await vendor.api(request)
  if (request.method !== 'GET' && request.method !== 'HEAD') context.scheduleSave()
  return result
}

/** Responds with status 500 when `work` rejects: a bug in a fake vendor must not end a gateway in the same process. */
function respondToErrors(response: ServerResponse, work: () => Promise<void>): void {
  work().catch((error: unknown) => {
    send(response, {
      status: 500,
      body: { error: `sandbox: ${error instanceof Error ? error.message : error}` },
    })
  })
}

function vendorOf(options: RequestHandlerOptions, target: string): Vendor | undefined {
  return options.vendors.find(({ name }) => target.startsWith(`/${name}/`))
}

function stripPrefix(vendor: Vendor, target: string): string {
  return target.slice(vendor.name.length + 1)
}
