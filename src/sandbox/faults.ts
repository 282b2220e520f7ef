import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Json } from './json.ts'

const kinds = ['reset', 'truncate', 'html', 'slow'] as const
const slowDefaultMs = 60_000
const delayLimitMs = 3_600_000

export interface Fault {
  /** The name of a vendor. */
  readonly provider: string
  readonly method?: string
  /** A part of the path (vendor prefix and query included) that a request must contain. */
  readonly path?: string
  /** How many more requests get this fault. */
  times: number
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Json
  readonly delayMs?: number
  readonly kind?: (typeof kinds)[number]
  /** The request has its effect first; only its answer gets the fault. */
  readonly acts?: true
}

/** The switches: what the next matching API requests get instead of the real answer. */
export interface Faults {
  add(fault: Fault): void
  list(): readonly Fault[]
  clear(): void
  /** The oldest fault that matches, used up by one. */
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

/** Whether a fault leaves the real answer in place and only makes it late. */
export function isOnlyDelay(fault: Fault): boolean {
  return fault.kind === undefined && fault.status === undefined && fault.body === undefined
}

/** Waits as long as the fault says, unless the caller hangs up first. */
export async function waitOut(fault: Fault, response: ServerResponse): Promise<void> {
  if (fault.delayMs === undefined || fault.kind === 'slow') return
  const hungUp = new AbortController()
  response.once('close', () => hungUp.abort())
  await sleep(fault.delayMs, undefined, { signal: hungUp.signal }).catch(() => undefined)
}

/** Gives the fault instead of an answer. */
export async function playFault(fault: Fault, response: ServerResponse): Promise<void> {
  const status = fault.status ?? (fault.kind === 'html' ? 502 : 200)
  if (fault.kind === 'reset') {
    response.socket?.resetAndDestroy()
    return
  }
  if (fault.kind === 'slow') return trickle(fault, response)
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

/** One byte at a time; complete, and valid, not before the time is over. */
async function trickle(fault: Fault, response: ServerResponse): Promise<void> {
  response.writeHead(fault.status ?? 200, { 'content-type': 'application/json', ...fault.headers })
  const text = JSON.stringify(fault.body ?? {})
  const lastsMs = fault.delayMs ?? slowDefaultMs
  const stepMs = Math.min(500, Math.max(10, lastsMs / 20))
  for (let passed = 0; passed < lastsMs && !response.destroyed; passed += stepMs) {
    response.write(' ') // white space before JSON keeps the answer readable
    await sleep(stepMs, undefined, { ref: false })
  }
  response.end(text)
}

/** Reads what the control API was sent; the message of the error is meant for the caller. */
export function readFault(input: Json | undefined, vendorNames: readonly string[]): Fault {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw new Error('expected a JSON object')
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null))
  const known = [
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
  const unknown = Object.keys(given).filter((key) => !known.includes(key))
  if (unknown.length > 0)
    throw new Error(`unknown field ${unknown.join(', ')}; known are ${known.join(', ')}`)
  const provider = vendorNames.find((name) => name === String(given.provider).toLowerCase())
  if (provider === undefined) throw new Error(`provider must be one of ${vendorNames.join(', ')}`)
  const kind = kinds.find((name) => name === given.kind)
  if (given.kind !== undefined && kind === undefined)
    throw new Error(`kind must be one of ${kinds.join(', ')}`)
  const fault = {
    provider,
    times: whole(given.times ?? 1, 'times', [1, 1_000_000]),
    ...(given.method === undefined ? {} : { method: text(given.method, 'method').toUpperCase() }),
    ...(given.path === undefined ? {} : { path: text(given.path, 'path') }),
    ...(given.status === undefined ? {} : { status: whole(given.status, 'status', [200, 599]) }),
    ...(given.headers === undefined ? {} : { headers: textMap(given.headers, 'headers') }),
    ...(given.body === undefined ? {} : { body: given.body }),
    ...(given.delayMs === undefined ? {} : { delayMs: whole(given.delayMs, 'delayMs', [0, delayLimitMs]) }),
    ...(kind === undefined ? {} : { kind }),
    ...(given.acts === undefined ? {} : { acts: yes(given.acts, 'acts') }),
  }
  if (isOnlyDelay(fault) && fault.delayMs === undefined) throw new Error('say status, body, delayMs or kind')
  return fault
}

function whole(value: Json, name: string, [least, most]: readonly [number, number]): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
  throw new Error(`${name} must be a whole number from ${least} to ${most}`)
}

function text(value: Json, name: string): string {
  if (typeof value === 'string' && value !== '') return value
  throw new Error(`${name} must be a text`)
}

function yes(value: Json, name: string): true {
  if (value === true) return true
  throw new Error(`${name} must be true or left out`)
}

function textMap(value: Json, name: string): Record<string, string> {
  if (typeof value !== 'object' || value === null) throw new Error(`${name} must be an object of texts`)
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, String(one)]))
}
