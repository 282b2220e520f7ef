import { createHash } from 'node:crypto'
import type { SandboxResponse } from '../../http-types.ts'

export const ok = (body: object, status = 200): SandboxResponse => ({ status, body })

/** docs.composio.dev/reference/errors, with the fields of the error schema of each endpoint. */
export function errorResponse(status: number, slug: string, message: string): SandboxResponse {
  const request_id = createHash('sha1').update(message).digest('hex').slice(0, 12)
  const error = { message, code: status, slug, status, request_id, suggested_fix: '', errors: [] }
  return { status, body: { error } }
}

export const notFound = (what: string, id: string): SandboxResponse =>
  errorResponse(404, `${what}_NotFound`, `${what} "${id}" was not found`)

export const badRequest = (what: string, message: string): SandboxResponse =>
  errorResponse(400, `${what}_BadRequest`, message)

/** One page. The cursor contains the number of the page and the limit; an invalid one is read as that of the first page. */
export function page<Row>(
  rows: readonly Row[],
  query: URLSearchParams,
  [defaultLimit, maxLimit]: readonly [number, number],
): { readonly rows: readonly Row[]; readonly fields: object } {
  const [number = 1, limit = readLimit(query.get('limit'), defaultLimit, maxLimit)] = readCursor(
    query.get('cursor'),
  )
  const pages = Math.max(1, Math.ceil(rows.length / limit))
  return {
    rows: rows.slice((number - 1) * limit, number * limit),
    fields: {
      next_cursor: number < pages ? Buffer.from(`${number + 1}:${limit}`).toString('base64') : null,
      total_pages: pages,
      current_page: number,
      total_items: rows.length,
    },
  }
}

function readLimit(text: string | null, defaultLimit: number, maxLimit: number): number {
  const limit = Number(text ?? defaultLimit)
  return Number.isInteger(limit) && limit > 0 ? Math.min(limit, maxLimit) : defaultLimit
}

function readCursor(text: string | null): readonly number[] {
  const numbers = Buffer.from(text ?? '', 'base64')
    .toString()
    .split(':')
    .map(Number)
  return numbers.length === 2 && numbers.every((one) => Number.isInteger(one) && one > 0) ? numbers : []
}

/** A filter with several values: the client joins them with commas. `null`: not given. */
export function readList(query: URLSearchParams, name: string): ReadonlySet<string> | null {
  const values = query.getAll(name).flatMap((value) => value.split(','))
  return values.length === 0 || values.every((value) => value === '') ? null : new Set(values)
}
