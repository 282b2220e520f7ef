import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { Server as NetServer, type Socket } from 'node:net'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'

/** Ends an HTTP server so that no request fails. */
export interface Drain {
  /**
   * Accepts no more connections, tells clients in each response to use another one, and resolves when no request is
   * running; event streams are not waited for. Throws when requests are still running after `timeoutMs`.
   */
  drain(timeoutMs: number): Promise<void>
  /**
   * Closes all connections. Event streams are cut, without an event that completes them: clients of GraphQL over SSE
   * reconnect after a cut only.
   */
  cut(): void
}

const checkIntervalMs = 25
/**
 * After so many checks without a request, about 1 s, idle connections are closed: until then a proxy may be sending a
 * request on one of them. Counted, because after a pause of the process requests may have arrived that are not read yet.
 */
const idleChecks = 40
const shortTurnMs = 0.5

/** Call it before the server gets its first connection. */
export function createDrain(server: Server): Drain {
  const sockets = new Set<Socket>()
  const running = new Set<ServerResponse>()
  let isDraining = false
  let accepted = 0

  server.on('connection', (socket) => {
    accepted += 1
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  // Before the listener that sends the response.
  server.prependListener('request', (_: IncomingMessage, response: ServerResponse) => {
    running.add(response)
    response.once('close', () => running.delete(response))
    if (isDraining) closeAfter(response)
  })

  return {
    async drain(timeoutMs) {
      await acceptAll()
      // Not `server.close`, which closes idle connections at once.
      NetServer.prototype.close.call(server)
      isDraining = true
      for (const response of running) closeAfter(response)
      const startedAt = performance.now()
      for (let idle = 0; idle < idleChecks; idle += 1) {
        const streams = [...running].filter(isEventStream).length
        if (running.size > streams) idle = 0
        else if (sockets.size <= streams) return
        if (performance.now() - startedAt >= timeoutMs)
          throw new Error(`${running.size - streams} requests were still running after ${timeoutMs} ms`)
        await sleep(checkIntervalMs)
      }
    },
    cut: () => server.closeAllConnections(),
  }

  /**
   * Accepts the connections that wait in the operating system, which are reset otherwise. Node accepts one in a turn of
   * its event loop; in a long turn, more of them may have arrived.
   */
  async function acceptAll(): Promise<void> {
    for (let turn = 0; turn < 1_000; turn += 1) {
      const [startedAt, before] = [performance.now(), accepted]
      await setImmediate()
      if (accepted === before && performance.now() - startedAt < shortTurnMs) return
    }
  }
}

function closeAfter(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close')
}

const isEventStream = (response: ServerResponse) =>
  response.headersSent &&
  /^(text\/event-stream|multipart\/mixed)/.test(String(response.getHeader('content-type')))
