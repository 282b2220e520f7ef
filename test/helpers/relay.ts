import { connect, createServer, type Server, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A TCP relay to a database, which can stop forwarding without closing connections, as a firewall that drops packets. */
export interface Relay {
  /** The URL of the database through the relay. */
  readonly url: string
  /** Drops the traffic of existing and new connections. */
  swallow(): void
  /** Forwards the traffic of new connections; those that were swallowed stay silent. */
  forward(): void
  /** Passes the next COMMIT but that number on to the database, and closes the connection instead of answering. */
  loseCommit(after: number): void
  /** Whether that has happened. */
  hasLostCommit(): boolean
  /** Closes all connections and refuses new ones until `open` is called. */
  close(): Promise<void>
  open(): Promise<void>
}

export async function startRelay(databaseUrl: string): Promise<Relay> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let isSwallowing = false
  let commitsUntilLoss = Number.NaN

  function isCommitToLose(data: Buffer): boolean {
    if (!data.includes('commit')) return false
    commitsUntilLoss -= 1
    return commitsUntilLoss === -1
  }

  function accept(client: Socket): void {
    const server = connect(Number(target.port || 5432), target.hostname)
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(from)
      from.on('data', (data) => {
        if (!isForwarding(client)) return
        if (from === client && isCommitToLose(data)) {
          silent.add(client)
          to.end(data)
          client.destroy()
        } else to.write(data)
      })
      from.on('close', () => {
        sockets.delete(from)
        if (isForwarding(client)) to.destroy()
      })
      from.on('error', () => undefined)
    }
  }

  const silent = new WeakSet<Socket>()
  const isForwarding = (client: Socket) => !isSwallowing && !silent.has(client)
  let listening = createServer(accept)
  const port = await listenOn(listening, 0)
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String(port)

  async function close(): Promise<void> {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => listening.close(resolve))
  }
  onTestFinished(close)
  return {
    url: url.href,
    swallow() {
      isSwallowing = true
      for (const socket of sockets) silent.add(socket)
    },
    forward() {
      isSwallowing = false
    },
    loseCommit(after) {
      commitsUntilLoss = after
    },
    hasLostCommit: () => commitsUntilLoss < 0,
    close,
    async open() {
      listening = createServer(accept)
      await listenOn(listening, port)
    },
  }
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}
