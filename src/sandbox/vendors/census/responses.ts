import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'

/** Success bodies carry `status` as a text, refusals as the number of the HTTP status. */
export function success(data: unknown): SandboxResponse {
  return { status: 200, body: { status: 'success', data } }
}

export function created(data: unknown): SandboxResponse {
  return { status: 201, body: { status: 'created', data } }
}

export const deleted: SandboxResponse = { status: 200, body: { status: 'deleted' } }

export function refusal(status: number, message?: string): SandboxResponse {
  return { status, body: message === undefined ? { status } : { status, message } }
}

const defaultPerPage = 25
const largestPerPage = 100

/**
 * One page by `page` and `per_page` (too much is cut to 100, nonsense is the default), newest first unless
 * `order=asc`. `all` is in the order of creation.
 */
export function listPage<T>(
  all: readonly T[],
  request: SandboxRequest,
  render: (item: T) => unknown,
): SandboxResponse {
  const { query } = request
  const perPage = Math.min(largestPerPage, atLeastOne(query.get('per_page')) ?? defaultPerPage)
  const page = atLeastOne(query.get('page')) ?? 1
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
  // `next` is the older way to say next_page.
  const next = page < lastPage ? nextAddress(request, page + 1) : null
  return { status: 200, body: { status: 'success', data: items.map(render), next, pagination } }
}

function atLeastOne(text: string | null): number | undefined {
  const number = Number(text)
  return Number.isInteger(number) && number >= 1 ? number : undefined
}

function nextAddress({ headers, path, query }: SandboxRequest, page: number): string {
  const next = new URLSearchParams(query)
  next.set('page', String(page))
  return `http://${headers.host ?? '127.0.0.1'}/census${path}?${next}`
}
