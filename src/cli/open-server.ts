import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Config } from '../app/config.ts'
import { addressMatcher } from '../server/client-address.ts'
import { createDrain, type Drain } from '../server/drain.ts'
import { createHttpServer } from '../server/http-server.ts'
import type { Handler } from '../server/probes.ts'

export interface OpenServer {
  readonly port: number
  readonly drain: Drain
  /** Replaces the handler of requests. */
  setHandler(handler: Handler): void
}

/** Listens on the configured address. `createHandler` returns the first handler, for the port that is listened on. */
export async function openServer(
  config: Config,
  createHandler: (port: number) => Handler,
): Promise<OpenServer> {
  const server = createHttpServer({
    maxConnections: config.maxConnections,
    keepAliveTimeoutSeconds: config.keepAliveTimeoutSeconds,
    // A proxy on this machine need not be listed for this.
    isProxy: addressMatcher(['127.0.0.0/8', '::1', ...config.trustedProxies]),
  })
  const drain = createDrain(server)
  let handler: Handler | undefined
  server.on('request', (request, response) => handler?.(request, response))
  const port = await listen(server, config)
  handler = createHandler(port)
  return {
    port,
    drain,
    setHandler(next) {
      handler = next
    },
  }
}

function listen(server: Server, { port, host }: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    // An unknown host name fails with `getaddrinfo`; marked as `listen`, so that it is not taken for a database error.
    server.once('error', (error) => reject(Object.assign(error, { syscall: 'listen' })))
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}
