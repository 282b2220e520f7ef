import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Clock, shiftedClock, systemClock } from './clock.ts'
import { createControl } from './control.ts'
import { createFaults } from './faults.ts'
import { identityOf } from './find-sandbox.ts'
import { createRequestHandler } from './request-handler.ts'
import { createRequestLog } from './request-log.ts'
import { openState } from './state.ts'
import type { World } from './vendor.ts'
import { createVendors } from './vendors/index.ts'
import { createWebhookSender } from './webhook-sender.ts'

export interface SandboxOptions {
  /** Default 4010; 0 lets the system choose. */
  readonly port?: number
  /** Where the state is kept; without it, in memory only. */
  readonly dataFile?: string
  /** The public base of the hosted pages, e.g. http://127.0.0.1:4000/sandbox; default: the sandbox's own origin. */
  readonly pagesUrl?: URL
  /** Each vendor's catalogue is padded to this many (0 = its real size). */
  readonly connectors?: number
  /** Each vendor's connection list is padded to this many. */
  readonly connections?: number
  readonly clock?: Clock
}

export interface Sandbox {
  readonly url: URL
  readonly port: number
  /**
   * Serves a hosted page for a path below pagesUrl, e.g. `/fivetran/connect-card/setup?…`; false when no page
   * lives there. API and control are never reachable here. The request's body must still be unread.
   */
  servePage(request: IncomingMessage, response: ServerResponse, pathAndQuery: string): boolean
  close(): Promise<void>
}

const portsToTry = 21

/** Starts the four fake vendors on one loopback port. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const realClock = options.clock ?? systemClock
  const state = openState(options.dataFile)
  const time = state.slice('sandbox', () => ({ offsetMs: 0, bornAt: realClock.now().toISOString() }))
  const clock = shiftedClock(realClock, () => time().offsetMs)
  const courier = createWebhookSender()
  const faults = createFaults()
  const requests = createRequestLog()
  let pagesBase = options.pagesUrl?.href.replace(/\/$/, '')

  const world: World = {
    now: () => clock.now(),
    bornAt: () => new Date(time().bornAt),
    slice: state.slice,
    changed: state.changed,
    pageLink: (path) => `${pagesBase ?? ''}${path}`,
    deliver: courier.deliver,
    connectors: options.connectors ?? 0,
    connections: options.connections ?? 0,
  }
  const vendors = createVendors(world)
  const control = createControl({
    faults,
    requests,
    vendors,
    changed: state.changed,
    identity: identityOf(options.dataFile, options.pagesUrl?.href),
    reset() {
      state.reset()
      faults.clear()
      requests.clear()
    },
    advanceClock(seconds) {
      time().offsetMs += seconds * 1000
      state.changed()
      return clock.now()
    },
  })

  const doors = createRequestHandler({ vendors, control, faults, requests, world })
  const server = createServer(doors.serve)
  const port = await listen(server, options.port ?? 4010)
  const url = new URL(`http://127.0.0.1:${port}`)
  pagesBase ??= url.origin
  return {
    url,
    port,
    servePage: doors.servePage,
    close: () =>
      new Promise((resolve) => {
        courier.close()
        server.close(() => {
          state.close()
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

/** Listens on the port, or on the next free one after it. */
async function listen(server: Server, wanted: number): Promise<number> {
  for (let attempt = 0; attempt < portsToTry; attempt += 1) {
    const port = await tryPort(server, wanted === 0 ? 0 : wanted + attempt)
    if (port !== undefined) return port
  }
  throw new Error(`no free port from ${wanted} to ${wanted + portsToTry - 1}`)
}

function tryPort(server: Server, port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error & { code?: string }) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)
    server.once('error', failed)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', failed)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}
