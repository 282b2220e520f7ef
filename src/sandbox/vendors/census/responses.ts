import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'

/** `status` in the body is a string in success responses and the HTTP status number in error responses. */
export function success(data: unknown): SandboxResponse {
  return { status: 200, body: { status: 'success', data } }
}

export function created(data: unknown): SandboxResponse {
  return { status: 201, body: { status: 'created', data } }
}

export const deleted: SandboxResponse = { status: 200, body: { status: 'deleted' } }

export function errorResponse(status: number, message?: string): SandboxResponse {
  return { status, body: message === undefined ? { status } : { status, message } }
}

const defaultPerPage = 25
const maxPerPage = 100

/**
 * One page by `page` (default 1) and `per_page` (default 25; values over 100 are reduced to 100). Invalid values are
 * ignored. Newest first unless `order=asc`. `all` must be in order of creation.
 */
export function listPage<T>(
  all: readonly T[],
  request: SandboxRequest,
  render: (item: T) => unknown,
): SandboxResponse {
  const { query } = request
  const perPage = Math.min(maxPerPage, positiveInteger(query.get('per_page')) ?? defaultPerPage)
  const page = positiveInteger(query.get('page')) ?? 1
  const lastPage = Math.max(1, Math.ceil(all.length / perPage))
  const from = (page - 1) * perPage
  const ascending = query.get('order') === 'asc'
  const items = ascending
    ? all.slice(from, from + perPage)
    : all.slice(Math.max(0, all.length - from - perPage), Math.max(0, all.length - from)).reverse()
  const pagination = {
    total_records: all.length,
    per_page: perPage,
    prev_page: page > 1 ? page - 1 : null,
    page,
    next_page: page < lastPage ? page + 1 : null,
    last_page: lastPage,
  }
  // `next` is the older equivalent of `next_page`.
  const next = page < lastPage ? nextUrl(request, page + 1) : null
  return { status: 200, body: { status: 'success', data: items.map(render), next, pagination } }
}

function positiveInteger(text: string | null): number | undefined {
  const number = Number(text)
  return Number.isInteger(number) && number >= 1 ? number : undefined
}

function nextUrl({ headers, path, query }: SandboxRequest, page: number): string {
  const next = new URLSearchParams(query)
  next.set('page', String(page))
  return `http://${headers.host ?? '127.0.0.1'}/census${path}?${next}`
}
