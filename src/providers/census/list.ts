import { z } from 'zod'
import type { RequestContext } from '../../http/http-types.ts'
import { cursorField, type ReadKind, unreadableCursor } from '../paginate.ts'
import { type RowKeys, rowsOf } from '../rows.ts'
import type { CensusDeps } from './link.ts'

const pageSize = 100
const emptyPage = { items: [], skipped: [], ids: [] }

/** A number, in some responses as text. */
const pageNumber = z.union([
  z.number().int(),
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number),
])

const pagination = z.object({ next_page: cursorField(pageNumber) }).transform(({ next_page }) => next_page)

export interface Listing<Item extends z.ZodType> {
  readonly path: string
  readonly item: Item
  /** Default: SYNC. */
  readonly kind?: ReadKind
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
  const { kind = 'SYNC', purpose } = listing
  const pageResponse = z.object({
    data: rowsOf(listing.item, listing.keys),
    pagination: cursorField(pagination),
  })
  return paginate<z.output<Item>, number>({ kind, purpose }, async (page = 1) => {
    const request = {
      method: 'GET',
      path: listing.path,
      query: { page, per_page: pageSize, order: 'asc' },
      responseSchema: pageResponse,
      purpose,
    } as const
    const response = listing.mayBeAbsent ? await http.find(request, call) : await http.send(request, call)
    // A next page that does not advance would be an endless loop.
    const next = response?.pagination ?? null
    const isStuck = next !== unreadableCursor && next !== null && next <= page
    return { ...(response?.data ?? emptyPage), next: isStuck ? null : next }
  })
}
