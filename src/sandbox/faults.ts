import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Json } from './json.ts'

const kinds = ['reset', 'truncate', 'html', 'slow'] as const
const defaultSlowMs = 60_000
const maxDelayMs = 3_600_000

export interface Fault {
  /** The name of a vendor. */
  readonly provider: string
  readonly method?: string
  /** A substring of the path (vendor prefix and query included) of the requests to match. */
  readonly path?: string
  /** How many more requests this fault applies to. */
  times: number
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Json
  readonly delayMs?: number
  readonly kind?: (typeof kinds)[number]
  /** The request takes effect before the fault is applied: only the response is replaced. */
  readonly acts?: true
}

/** Fault injection: what the next matching API requests get instead of the real response. */
export interface Faults {
  add(fault: Fault): void
  list(): readonly Fault[]
  clear(): void
  /** Returns the oldest matching fault and decrements its `times`; removes it at 0. */
  take(provider: string, method: string, path: string): Fault | undefined
}

export function createFaults(): Faults {
  let active: Fault[] = []
  return {
    add(fault) {
      active.push(fault)
    },
    list: () => active,
    clear() {
      active = []
    },
    take(provider, method, path) {
      const fault = active.find(
        (one) =>
          one.provider === provider &&
          (one.method ?? method) === method &&
          (one.path === undefined || path.includes(one.path)),
      )
      if (fault === undefined) return undefined
      fault.times -= 1
      active = active.filter((one) => one.times > 0)
      return { ...fault }
    },
  }
}

/** Whether a fault only delays the real response. */
export function isOnlyDelay(fault: Fault): boolean {
  return fault.kind === undefined && fault.status === undefined && fault.body === undefined
}

/** Waits for the fault's `delayMs`, or until the client closes the connection. A slow response waits in `sendFault`. */
export async function applyDelay(fault: Fault, response: ServerResponse): Promise<void> {
  if (fault.delayMs === undefined || fault.kind === 'slow') return
  const closed = new AbortController()
  response.once('close', () => closed.abort())
  await sleep(fault.delayMs, undefined, { signal: closed.signal }).catch(() => undefined)
}

/** Sends the fault instead of a response. */
export async function sendFault(fault: Fault, response: ServerResponse): Promise<void> {
  const status = fault.status ?? (fault.kind === 'html' ? 502 : 200)
  if (fault.kind === 'reset') {
    response.socket?.resetAndDestroy()
    return
  }
  if (fault.kind === 'slow') return sendSlowly(fault, response)
  if (fault.kind === 'html') {
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...fault.headers })
    response.end(
      `<html><head><title>${status}</title></head><body><h1>${status}</h1><hr>sandbox</body></html>`,
    )
    return
  }
  if (fault.kind === 'truncate') {
    const text = JSON.stringify(fault.body ?? { data: { items: ['this answer', 'is cut in the middle'] } })
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    response.writeHead(status, { ...headers, ...fault.headers })
    response.write(text.slice(0, Math.ceil(text.length / 2)), () => response.socket?.end())
    return
  }
  const isText = typeof fault.body === 'string'
  const contentType = { 'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json' }
  response.writeHead(status, { ...(fault.body === undefined ? {} : contentType), ...fault.headers })
  response.end(isText || fault.body === undefined ? fault.body : JSON.stringify(fault.body))
}

/** Sends one space at a time, then the body: the response is valid JSON only after `delayMs` (default 60 s). */
async function sendSlowly(fault: Fault, response: ServerResponse): Promise<void> {
  response.writeHead(fault.status ?? 200, { 'content-type': 'application/json', ...fault.headers })
  const text = JSON.stringify(fault.body ?? {})
  const durationMs = fault.delayMs ?? defaultSlowMs
  const stepMs = Math.min(500, Math.max(10, durationMs / 20))
  for (let elapsed = 0; elapsed < durationMs && !response.destroyed; elapsed += stepMs) {
    response.write(' ') // leading white space is valid JSON
    await sleep(stepMs, undefined, { ref: false })
  }
  response.end(text)
}

/** Validates a fault received by the control API. Throws an Error whose message is returned to the caller. */
export function readFault(input: Json | undefined, vendorNames: readonly string[]): Fault {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw new Error('expected a JSON object')
  const fields = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null))
  const knownFields = [
    'provider',
    'method',
    'path',
    'times',
    'status',
    'headers',
    'body',
    'delayMs',
    'kind',
    'acts',
  ]
  const unknown = Object.keys(fields).filter((key) => !knownFields.includes(key))
  if (unknown.length > 0)
    throw new Error(`unknown field ${unknown.join(', ')}; known fields are ${knownFields.join(', ')}`)
  const provider = vendorNames.find((name) => name === String(fields.provider).toLowerCase())
  if (provider === undefined) throw new Error(`provider must be one of ${vendorNames.join(', ')}`)
  const kind = kinds.find((name) => name === fields.kind)
  if (fields.kind !== undefined && kind === undefined)
    throw new Error(`kind must be one of ${kinds.join(', ')}`)
  const fault = {
    provider,
    times: readInteger(fields.times ?? 1, 'times', [1, 1_000_000]),
    ...(fields.method === undefined ? {} : { method: readText(fields.method, 'method').toUpperCase() }),
    ...(fields.path === undefined ? {} : { path: readText(fields.path, 'path') }),
    ...(fields.status === undefined ? {} : { status: readInteger(fields.status, 'status', [200, 599]) }),
    ...(fields.headers === undefined ? {} : { headers: readStringMap(fields.headers, 'headers') }),
    ...(fields.body === undefined ? {} : { body: fields.body }),
    ...(fields.delayMs === undefined
      ? {}
      : { delayMs: readInteger(fields.delayMs, 'delayMs', [0, maxDelayMs]) }),
    ...(kind === undefined ? {} : { kind }),
    ...(fields.acts === undefined ? {} : { acts: readTrue(fields.acts, 'acts') }),
  }
  if (isOnlyDelay(fault) && fault.delayMs === undefined)
    throw new Error('one of status, body, delayMs or kind is required')
  return fault
}

function readInteger(value: Json, name: string, [min, max]: readonly [number, number]): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value
  throw new Error(`${name} must be a whole number from ${min} to ${max}`)
}

function readText(value: Json, name: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw new Error(`${name} must be a non-empty string`)
}

function readTrue(value: Json, name: string): true {
  if (value === true) return true
  throw new Error(`${name} must be true or omitted`)
}

function readStringMap(value: Json, name: string): Record<string, string> {
  if (typeof value !== 'object' || value === null) throw new Error(`${name} must be an object of strings`)
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, String(one)]))
}
