import { type Faults, readFault } from './faults.ts'
import type { SandboxResponse } from './http-types.ts'
import type { Json } from './json.ts'
import { objectOf, textOf } from './json.ts'
import type { RequestLog } from './request-log.ts'
import { createRouter, type Router } from './router.ts'
import type { Vendor } from './vendor.ts'

/** What the control API reads and changes. */
export interface ControlContext {
  readonly faults: Faults
  readonly requests: RequestLog
  readonly vendors: readonly Vendor[]
  /** Identifies the data file and the pages URL of this sandbox; see `findSandbox`. */
  readonly identity: object
  reset(): void
  /** Call after a mutation of the state. */
  scheduleSave(): void
  /** Advances the sandbox clock and returns its new time. */
  advanceClock(seconds: number): Date
}

/** `/__sandbox/*`: the control API, for tests and for developers who want to reproduce a vendor failure. */
export function createControlRouter(context: ControlContext): Router {
  const { faults, requests } = context
  return createRouter({
    'GET /': () => ({ status: 200, body: indexText(context.vendors) }),
    'GET /__sandbox/identity': () => ({ status: 200, body: context.identity }),
    'POST /__sandbox/reset': () => {
      context.reset()
      return { status: 204 }
    },
    'GET /__sandbox/faults': () => ({ status: 200, body: faults.list() }),
    'POST /__sandbox/faults': ({ body }) => {
      try {
        const fault = readFault(body, namesOf(context.vendors))
        faults.add(fault)
        return { status: 201, body: fault }
      } catch (error) {
        return errorResponse(`Invalid fault: ${error instanceof Error ? error.message : 'unreadable'}`)
      }
    },
    'DELETE /__sandbox/faults': () => {
      faults.clear()
      return { status: 204 }
    },
    'GET /__sandbox/requests': () => ({ status: 200, body: requests.list() }),
    'DELETE /__sandbox/requests': () => {
      requests.clear()
      return { status: 204 }
    },
    'POST /__sandbox/clock': ({ body }) => {
      const seconds =
        typeof body === 'object' && body !== null && 'advanceSeconds' in body ? body.advanceSeconds : null
      if (typeof seconds !== 'number' || !Number.isFinite(seconds))
        return errorResponse('advanceSeconds must be a number')
      return { status: 200, body: { now: context.advanceClock(seconds).toISOString() } }
    },
    'POST /__sandbox/break': ({ body }) => breakConnection(context, body),
  })
}

/**
 * The body is `{ vendor, id }`. For Census an optional `kind` limits the lookup to one kind, because IDs are unique per
 * kind only. For Pipedream `dead: true` marks the account dead; the default is unhealthy only.
 */
function breakConnection({ vendors, scheduleSave }: ControlContext, body: Json | undefined): SandboxResponse {
  const { vendor: name, id, ...options } = objectOf(body)
  const vendor = vendors.find((one) => one.name === textOf(name)?.toLowerCase())
  if (vendor === undefined) return errorResponse(`vendor must be one of ${namesOf(vendors).join(', ')}`)
  if (vendor.breakConnection === undefined)
    return errorResponse(`${vendor.name} does not report the state of connections`)
  const connectionId = textOf(id)
  if (connectionId === undefined) return errorResponse('id must be a non-empty string')
  if (!vendor.breakConnection(connectionId, options))
    return { status: 404, body: { error: 'no such connection' } }
  scheduleSave()
  return { status: 204 }
}

const namesOf = (vendors: readonly Vendor[]) => vendors.map(({ name }) => name)

const indexText = (vendors: readonly Vendor[]) =>
  `Fake vendor APIs: ${namesOf(vendors)
    .map((name) => `/${name}`)
    .join(' ')}. Control: /__sandbox/*\n`

function errorResponse(error: string): SandboxResponse {
  return { status: 400, body: { error } }
}
