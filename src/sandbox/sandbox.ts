import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Clock, shiftedClock, systemClock } from './clock.ts'
import { createControlRouter } from './control.ts'
import { createFaults } from './faults.ts'
import { identityOf } from './find-sandbox.ts'
import { createInbox } from './inbox.ts'
import { createRequestHandler } from './request-handler.ts'
import { createRequestLog } from './request-log.ts'
import { openState } from './state.ts'
import type { SandboxContext } from './vendor.ts'
import { createVendors } from './vendors/index.ts'
import { createWebhookSender } from './webhook-sender.ts'

export interface SandboxOptions {
  /** Default 4010; 0: a port chosen by the operating system. */
  readonly port?: number
  /** The file that the state is saved to; without it the state is in memory only. */
  readonly dataFile?: string
  /** Public base URL of the hosted pages, e.g. http://127.0.0.1:4000/sandbox; default: the sandbox's own origin. */
  readonly pagesUrl?: URL
  /** Each vendor's catalogue is padded to this many connectors; 0 (default): its real size. */
  readonly connectors?: number
  /** Number of generated connections in each list of connections; default 0. */
  readonly connections?: number
  readonly clock?: Clock
}

export interface Sandbox {
  readonly url: URL
  readonly port: number
  /**
   * Serves a hosted page for a path below pagesUrl, e.g. `/fivetran/connect-card/setup?…`; returns false when there is
   * no page at that path. The vendor APIs and the control API are not reachable here. The request's body must still be
   * unread.
   */
  servePage(request: IncomingMessage, response: ServerResponse, pathAndQuery: string): boolean
  close(): Promise<void>
}

const maxPortAttempts = 21

/** Starts the fake vendors on one loopback port. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const realClock = options.clock ?? systemClock
  const state = openState(options.dataFile)
  const clockState = state.slice('sandbox', () => ({ offsetMs: 0, bornAt: realClock.now().toISOString() }))
  const clock = shiftedClock(realClock, () => clockState().offsetMs)
  const webhookSender = createWebhookSender()
  const faults = createFaults()
  const requests = createRequestLog()
  let pagesBase = options.pagesUrl?.href.replace(/\/$/, '')

  const context: SandboxContext = {
    suffix: '',
    now: () => clock.now(),
    stateCreatedAt: () => new Date(clockState().bornAt),
    slice: state.slice,
    scheduleSave: state.scheduleSave,
    pageUrl: (path) => `${pagesBase ?? ''}${path}`,
    sendWebhook: webhookSender.send,
    minConnectors: options.connectors ?? 0,
    generatedConnections: options.connections ?? 0,
  }
  const vendors = createVendors(context)
  const control = createControlRouter({
    faults,
    requests,
    vendors,
    scheduleSave: state.scheduleSave,
    identity: identityOf(options.dataFile, options.pagesUrl?.href),
    reset() {
      state.reset()
      faults.clear()
      requests.clear()
    },
    advanceClock(seconds) {
      clockState().offsetMs += seconds * 1000
      state.scheduleSave()
      return clock.now()
    },
  })

  const handler = createRequestHandler({ vendors, inbox: createInbox(), control, faults, requests, context })
  const server = createServer(handler.serve)
  const port = await listen(server, options.port ?? 4010)
  const url = new URL(`http://127.0.0.1:${port}`)
  pagesBase ??= url.origin
  return {
    url,
    port,
    servePage: handler.servePage,
    close: () =>
      new Promise((resolve) => {
        webhookSender.close()
        server.close(() => {
          state.close()
          resolve()
        })
        server.closeAllConnections()
      }),
  }
}

/** Listens on `firstPort`, or on the next free port after it (21 attempts). Returns the port. */
async function listen(server: Server, firstPort: number): Promise<number> {
  for (let attempt = 0; attempt < maxPortAttempts; attempt += 1) {
    const port = await tryPort(server, firstPort === 0 ? 0 : firstPort + attempt)
    if (port !== undefined) return port
  }
  throw new Error(`no free port from ${firstPort} to ${firstPort + maxPortAttempts - 1}`)
}

/** The port, or undefined when it is in use. Rejects on any other error. */
function tryPort(server: Server, port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error & { code?: string }) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)
    server.once('error', onError)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', onError)
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}
