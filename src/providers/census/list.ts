import { z } from 'zod'
import type { RequestContext } from '../../http/http-types.ts'
import { type RowKeys, rowsOf } from '../rows.ts'
import type { CensusDeps } from './link.ts'

const pageSize = 100
const emptyPage = { items: [], skipped: [] }

export interface Listing<Item extends z.ZodType> {
  readonly path: string
  readonly item: Item
  readonly purpose: string
  /** Whether a 404 means an empty list. */
  readonly mayBeAbsent?: boolean
  readonly keys?: RowKeys
}

/** Reads all pages by page number, oldest first: items created meanwhile are appended and do not shift the pages. */
export function list<Item extends z.ZodType>(
  { http, paginate }: Pick<CensusDeps, 'http' | 'paginate'>,
  listing: Listing<Item>,
  call: RequestContext,
) {
  const { purpose } = listing
  const pageResponse = z.object({
    data: rowsOf(listing.item, listing.keys),
    pagination: z.object({ next_page: z.number().nullish() }).nullish(),
  })
  return paginate<z.output<Item>, number>(purpose, async (page = 1) => {
    const request = {
      method: 'GET',
      path: listing.path,
      query: { page, per_page: pageSize, order: 'asc' },
      responseSchema: pageResponse,
      purpose,
    } as const
    const response = listing.mayBeAbsent ? await http.find(request, call) : await http.send(request, call)
    // A next page that does not advance would be an endless loop.
    const next = response?.pagination?.next_page ?? null
    return { ...(response?.data ?? emptyPage), next: next !== null && next > page ? next : null }
  })
}
