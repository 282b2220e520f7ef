import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent, request } from 'undici'
import type { Random } from '../../helpers/random.ts'

/** Shares of the requests that fail in each way; the rest is forwarded unchanged. */
export interface FaultMix {
  readonly error5xx: number
  /** The connection is reset, half of the time after the provider has acted. */
  readonly reset: number
  /** Forwarded, and answered after 2 to 15 s. */
  readonly slow: number
  /** Forwarded, and the answer cut in the middle. */
  readonly truncated: number
  /** 429 with `Retry-After: 1`. */
  readonly rateLimited: number
}

/** A request that changed something at the provider: it was forwarded and succeeded there. */
export interface ForwardedWrite {
  /** Method and path. */
  readonly path: string
  /** The answer did not reach the gateway, or late. */
  readonly isLost: boolean
}

export interface FaultProxy {
  readonly origin: string
  readonly writes: readonly ForwardedWrite[]
  /** Requests that were received, by vendor, and those that were failed on purpose. */
  readonly counts: Readonly<Record<string, { received: number; failed: number }>>
  /** `null`: no faults for this vendor (the first segment of the path). */
  setFaults(vendor: string, mix: FaultMix | null): void
  close(): void
}

/** An HTTP proxy in front of the sandbox that fails the given shares of the requests of a vendor. */
export async function startFaultProxy(target: string, random: Random): Promise<FaultProxy> {
  const mixes = new Map<string, FaultMix>()
  const writes: ForwardedWrite[] = []
  const counts: Record<string, { received: number; failed: number }> = {}
  const agent = new Agent({ connections: 256 })

  async function forward(incoming: IncomingMessage, body: string, isLost: boolean) {
    const { host: _, connection: __, 'content-length': ___, ...headers } = incoming.headers
    const response = await request(target + incoming.url, {
      dispatcher: agent,
      method: (incoming.method ?? 'GET') as 'GET',
      headers,
      body: body === '' ? null : body,
    })
    // The gateway accepts links to the origin of its base URL only.
    const text = (await response.body.text()).replaceAll(target, origin())
    if (incoming.method !== 'GET' && response.statusCode < 300)
      writes.push({ path: `${incoming.method} ${incoming.url}`, isLost })
    return { status: response.statusCode, headers: response.headers, text }
  }

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readAll(incoming)
    const vendor = (incoming.url ?? '').split('/')[1] ?? ''
    const count = counts[vendor] ?? { received: 0, failed: 0 }
    counts[vendor] = count
    count.received += 1
    const fault = pickFault(mixes.get(vendor), random)
    if (fault !== null) count.failed += 1
    if (fault === 'error5xx') return send(response, random.pick([500, 502, 503]))
    if (fault === 'rateLimited') return send(response, 429, { 'retry-after': '1' })
    if (fault === 'reset' && random.next() < 0.5) return void response.socket?.resetAndDestroy()
    const answer = await forward(incoming, body, fault !== null)
    if (fault === 'reset') return void response.socket?.resetAndDestroy()
    if (fault === 'slow') await sleep(2_000 + random.next() * 13_000)
    const { 'transfer-encoding': _, connection: __, 'content-length': ___, ...headers } = answer.headers
    response.writeHead(answer.status, { ...headers, 'content-length': Buffer.byteLength(answer.text) })
    if (fault !== 'truncated') return void response.end(answer.text)
    response.write(answer.text.slice(0, Math.floor(answer.text.length / 2)))
    setImmediate(() => response.socket?.destroy())
  }

  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => response.socket?.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: origin(),
    writes,
    counts,
    setFaults: (vendor, mix) => void (mix === null ? mixes.delete(vendor) : mixes.set(vendor, mix)),
    close() {
      server.close()
      server.closeAllConnections()
      void agent.destroy()
    },
  }
}

function pickFault(mix: FaultMix | undefined, random: Random): keyof FaultMix | null {
  let rest = random.next()
  for (const [name, share] of Object.entries(mix ?? {})) {
    if (rest < share) return name as keyof FaultMix
    rest -= share
  }
  return null
}

function send(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end('{"message":"injected"}')
}

async function readAll(incoming: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of incoming) text += chunk
  return text
}
