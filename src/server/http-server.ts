import { createServer, type Server } from 'node:http'

export interface HttpServerOptions {
  /** Connections above it are closed at once. */
  readonly maxConnections: number
  /** Whether a peer may use all connections: a proxy, behind which there are many clients. */
  readonly isProxy: (address: string) => boolean
  /**
   * How long an idle connection stays open, in seconds; 65 by default, which is longer than nginx and AWS keep theirs (60):
   * a proxy may be sending a request on a connection that is just being closed.
   */
  readonly keepAliveTimeoutSeconds?: number
  /** How long a connection may take to send the headers of its first request, in milliseconds; 10 s by default. */
  readonly headersTimeoutMs?: number
}

/** An HTTP server with timeouts against slow clients. One peer gets a tenth of the connections, unless it is a proxy. */
export function createHttpServer({
  maxConnections,
  isProxy,
  keepAliveTimeoutSeconds = 65,
  headersTimeoutMs = 10_000,
}: HttpServerOptions): Server {
  const server = createServer({
    headersTimeout: headersTimeoutMs,
    requestTimeout: 30_000,
    keepAliveTimeout: keepAliveTimeoutSeconds * 1_000,
    // Health checks use HTTP/1.0 without it; the routes refuse HTTP/1.1 without it.
    requireHostHeader: false,
    connectionsCheckingInterval: headersTimeoutMs / 5,
    maxHeaderSize: 16_384,
  })
  server.maxConnections = maxConnections
  limitPeers(server, { perPeer: Math.ceil(maxConnections / 10), isProxy })
  return server
}

interface PeerLimit {
  readonly perPeer: number
  readonly isProxy: (address: string) => boolean
}

function limitPeers(server: Server, { perPeer, isProxy }: PeerLimit): void {
  const openByPeer = new Map<string, number>()
  server.on('connection', (socket) => {
    const peer = socket.remoteAddress ?? ''
    if (isProxy(peer)) return
    const open = (openByPeer.get(peer) ?? 0) + 1
    openByPeer.set(peer, open)
    socket.once('close', () => {
      const remaining = (openByPeer.get(peer) ?? 1) - 1
      if (remaining === 0) openByPeer.delete(peer)
      else openByPeer.set(peer, remaining)
    })
    if (open > perPeer) socket.destroy()
  })
}
