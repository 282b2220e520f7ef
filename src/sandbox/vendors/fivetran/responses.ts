import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'

/** Fivetran's response envelope with `data`; `message` is often absent on reads. */
export function success(data: unknown, message?: string, status = 200): SandboxResponse {
  return { status, body: { code: 'Success', ...(message === undefined ? {} : { message }), data } }
}

/** The envelope without `data`, as deletes, syncs and resyncs return it. */
export function successWithoutData(message: string): SandboxResponse {
  return { status: 200, body: { code: 'Success', message } }
}

export function errorResponse(status: number, code: string, message: string): SandboxResponse {
  return { status, body: { code, message } }
}

export function invalidInput(message: string): SandboxResponse {
  return errorResponse(400, 'InvalidInput', message)
}

export function requiredField(name: string): SandboxResponse {
  return invalidInput(`Field '${name}' is required`)
}

/** `code` contains the resource type: NotFound_Connection, NotFound_Group … */
export function notFound(noun: string, id: string): SandboxResponse {
  return errorResponse(404, `NotFound_${noun}`, `${noun} with id '${id}' does not exist.`)
}

const defaultLimit = 100
const maxLimit = 1000

/**
 * One page by `limit` and `cursor`. The cursor is an offset, unpadded base64url of {"skip":N}: rows shift between pages
 * when others are added or removed. The last page has no next_cursor.
 * Source: fivetran.com/docs/rest-api/getting-started/pagination
 */
export function listPage<T>(
  all: readonly T[],
  request: SandboxRequest,
  render: (item: T) => unknown,
): SandboxResponse {
  const limit = Number(request.query.get('limit') ?? defaultLimit)
  if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit) {
    return invalidInput(`Parameter 'limit' must be between 1 and ${maxLimit}`)
  }
  const skip = readCursor(request.query.get('cursor'))
  if (skip === undefined) return invalidInput("Parameter 'cursor' is invalid")
  const next = skip + limit
  const items = all.slice(skip, next).map(render)
  return success(next < all.length ? { items, next_cursor: writeCursor(next) } : { items })
}

function readCursor(cursor: string | null): number | undefined {
  if (cursor === null || cursor === '') return 0
  const skip = /^\{"skip":(\d{1,9})\}$/.exec(Buffer.from(cursor, 'base64url').toString())?.[1]
  return skip === undefined ? undefined : Number(skip)
}

function writeCursor(skip: number): string {
  return Buffer.from(JSON.stringify({ skip })).toString('base64url')
}
