import { z } from 'zod'
import type { HttpClient, RequestContext } from '../../http/http-types.ts'
import { paginate } from '../paginate.ts'

const pageSize = 100

export interface Listing<Item extends z.ZodType> {
  readonly path: string
  readonly item: Item
  readonly purpose: string
  /** Whether a 404 means that there are none. */
  readonly mayBeAbsent?: boolean
}

/** Walks a list by page number, oldest first, so that what is made during the walk comes last. */
export function list<Item extends z.ZodType>(http: HttpClient, listing: Listing<Item>, call: RequestContext) {
  const answer = z.object({
    data: z.array(listing.item),
    pagination: z.object({ next_page: z.number().nullish() }).nullish(),
  })
  return paginate<z.output<Item>, number>(async (page = 1) => {
    const request = {
      method: 'GET',
      path: listing.path,
      query: { page, per_page: pageSize, order: 'asc' },
      responseSchema: answer,
      purpose: listing.purpose,
    } as const
    const found = listing.mayBeAbsent ? await http.find(request, call) : await http.send(request, call)
    // A next page that does not advance would go round in circles.
    const next = found?.pagination?.next_page ?? null
    return { items: found?.data ?? [], next: next !== null && next > page ? next : null }
  })
}
