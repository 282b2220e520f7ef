import { z } from 'zod'
import type { HttpClient, RequestContext } from '../../http/http-types.ts'
import { paginate } from '../paginate.ts'

const pageSize = 100

export interface Listing<Item extends z.ZodType> {
  readonly path: string
  readonly item: Item
  readonly purpose: string
  /** Whether a 404 means an empty list. */
  readonly mayBeAbsent?: boolean
}

/** Reads all pages by page number, oldest first: items created meanwhile are appended and do not shift the pages. */
export function list<Item extends z.ZodType>(http: HttpClient, listing: Listing<Item>, call: RequestContext) {
  const pageResponse = z.object({
    data: z.array(listing.item),
    pagination: z.object({ next_page: z.number().nullish() }).nullish(),
  })
  return paginate<z.output<Item>, number>(async (page = 1) => {
    const request = {
      method: 'GET',
      path: listing.path,
      query: { page, per_page: pageSize, order: 'asc' },
      responseSchema: pageResponse,
      purpose: listing.purpose,
    } as const
    const response = listing.mayBeAbsent ? await http.find(request, call) : await http.send(request, call)
    // A next page that does not advance would be an endless loop.
    const next = response?.pagination?.next_page ?? null
    return { items: response?.data ?? [], next: next !== null && next > page ? next : null }
  })
}
