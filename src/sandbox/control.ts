import { type Faults, readFault } from './faults.ts'
import type { SandboxResponse } from './http-types.ts'
import type { Json } from './json.ts'
import { objectOf, textOf } from './json.ts'
import type { RequestLog } from './request-log.ts'
import { createRouter, type Router } from './router.ts'
import type { Vendor } from './vendor.ts'

/** What the control API can move. */
export interface Controls {
  readonly faults: Faults
  readonly requests: RequestLog
  readonly vendors: readonly Vendor[]
  /** Which data it works on. */
  readonly identity: object
  reset(): void
  /** Something was mutated. */
  changed(): void
  /** Moves the sandbox clock and says what it shows afterwards. */
  advanceClock(seconds: number): Date
}

/** `/__sandbox/*`: for tests and for people who want to see a vendor fail. */
export function createControl(controls: Controls): Router {
  const { faults, requests } = controls
  return createRouter({
    'GET /': () => ({ status: 200, body: welcome(controls.vendors) }),
    'GET /__sandbox/identity': () => ({ status: 200, body: controls.identity }),
    'POST /__sandbox/reset': () => {
      controls.reset()
      return { status: 204 }
    },
    'GET /__sandbox/faults': () => ({ status: 200, body: faults.list() }),
    'POST /__sandbox/faults': ({ body }) => {
      try {
        const fault = readFault(body, namesOf(controls.vendors))
        faults.add(fault)
        return { status: 201, body: fault }
      } catch (error) {
        return refusal(`Not a fault: ${error instanceof Error ? error.message : 'unreadable'}`)
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
        return refusal('advanceSeconds must be a number')
      return { status: 200, body: { now: controls.advanceClock(seconds).toISOString() } }
    },
    'POST /__sandbox/break': ({ body }) => breakConnection(controls, body),
  })
}

/** `{ vendor, id }`; Census counts by `kind`, and at Pipedream `dead: true` is worse than unhealthy. */
function breakConnection({ vendors, changed }: Controls, body: Json | undefined): SandboxResponse {
  const { vendor: name, id, ...how } = objectOf(body)
  const vendor = vendors.find((one) => one.name === textOf(name)?.toLowerCase())
  if (vendor === undefined) return refusal(`vendor must be one of ${namesOf(vendors).join(', ')}`)
  if (vendor.breakConnection === undefined) return refusal(`${vendor.name} does not tell how connections are`)
  const known = textOf(id)
  if (known === undefined) return refusal('id must be a text')
  if (!vendor.breakConnection(known, how)) return { status: 404, body: { error: 'no such connection' } }
  changed()
  return { status: 204 }
}

const namesOf = (vendors: readonly Vendor[]) => vendors.map(({ name }) => name)

const welcome = (vendors: readonly Vendor[]) =>
  `Fake vendor APIs: ${namesOf(vendors)
    .map((name) => `/${name}`)
    .join(' ')}. Control: /__sandbox/*\n`

function refusal(error: string): SandboxResponse {
  return { status: 400, body: { error } }
}
