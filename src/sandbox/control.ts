import { type Faults, readFault } from './faults.ts'
import type { RequestLog } from './requests.ts'
import { createRouter, type Router } from './router.ts'
import { type SandboxResponse, vendorNames } from './vendor.ts'

/** What the control API can move. */
export interface Controls {
  readonly faults: Faults
  readonly requests: RequestLog
  /** Which data it works on. */
  readonly identity: object
  reset(): void
  /** Moves the sandbox clock and says what it shows afterwards. */
  advanceClock(seconds: number): Date
}

/** `/__sandbox/*`: for tests and for people who want to see a vendor fail. */
export function createControl(controls: Controls): Router {
  const { faults, requests } = controls
  return createRouter({
    'GET /': () => ({ status: 200, body: welcome }),
    'GET /__sandbox/identity': () => ({ status: 200, body: controls.identity }),
    'POST /__sandbox/reset': () => {
      controls.reset()
      return { status: 204 }
    },
    'GET /__sandbox/faults': () => ({ status: 200, body: faults.list() }),
    'POST /__sandbox/faults': ({ body }) => {
      try {
        const fault = readFault(body)
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
  })
}

const welcome = `Fake vendor APIs: ${vendorNames.map((name) => `/${name}`).join(' ')}. Control: /__sandbox/*\n`

function refusal(error: string): SandboxResponse {
  return { status: 400, body: { error } }
}
