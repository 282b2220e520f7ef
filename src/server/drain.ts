import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'

/** Ends an HTTP server so that no request fails. */
export interface Drain {
  /** From now on, responses tell the client to use another connection; new ones are still accepted. */
  announce(): void
  /**
   * Accepts no more connections, and resolves when no request is running; event streams are not waited for. Throws when
   * requests are still running after `timeoutMs`.
   */
  drain(timeoutMs: number): Promise<void>
  /**
   * Closes all connections. Event streams are cut, without an event that completes them: clients of GraphQL over SSE
   * reconnect after a cut only.
   */
  cut(): void
}

/** How long idle connections stay open during the drain: a proxy may be sending a request on one of them. */
const idleGraceMs = 1_000
const checkIntervalMs = 25

/** Call it before the server gets its first connection. */
export function createDrain(server: Server): Drain {
  const sockets = new Set<Socket>()
  const running = new Set<ServerResponse>()
  let isAnnounced = false

  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  // Before the listener that sends the response.
  server.prependListener('request', (_: IncomingMessage, response: ServerResponse) => {
    running.add(response)
    response.once('close', () => running.delete(response))
    if (isAnnounced) closeAfter(response)
  })

  return {
    announce() {
      isAnnounced = true
      for (const response of running) closeAfter(response)
    },
    async drain(timeoutMs) {
      // Not `server.close`, which closes idle connections at once. Connections that the operating system has accepted
      // already would be reset: here, just after a round of accepts, there are none.
      await setImmediate()
      NetServer.prototype.close.call(server)
      const startedAt = performance.now()
      let requestAt = startedAt
      for (;;) {
        const now = performance.now()
        const streams = [...running].filter(isEventStream).length
        if (running.size > streams) requestAt = now
        else if (sockets.size <= streams || now - requestAt >= idleGraceMs) return
        if (now - startedAt >= timeoutMs)
          throw new Error(`${running.size - streams} requests were still running after ${timeoutMs} ms`)
        await sleep(checkIntervalMs)
      }
    },
    cut: () => server.closeAllConnections(),
  }
}

function closeAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close')
}

const isEventStream = (response: ServerResponse) =>
  response.headersSent && String(response.getHeader('content-type')).startsWith('text/event-stream')
