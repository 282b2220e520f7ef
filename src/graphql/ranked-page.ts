import { z } from 'zod'
import { type ConnectorCursor, searchModes } from '../connect/catalogue/search/search-connectors.ts'
import type { ProviderSyncStatus } from '../connect/sync-scheduler.ts'
import { decodeCursor, encodeCursor, toPage } from './paging.ts'

export interface PageArgs {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
}

const cursorParts = z.tuple([z.enum(searchModes), z.number(), z.string()])

/** The cursor of a list of matches; throws BAD_USER_INPUT for other texts. */
export function readCursor(after: string | null | undefined): ConnectorCursor | null {
  const parts = decodeCursor(after, cursorParts)
  return parts && { mode: parts[0], rank: parts[1], sortKey: parts[2] }
}

interface RankedList<Entry> {
  /** All matches after the cursor. */
  readonly matches: readonly Entry[]
  readonly count: number
  readonly syncStatus: readonly ProviderSyncStatus[]
}

/** The first `size` matches as a page. */
export function toRankedPage<Entry extends ConnectorCursor, Node extends object>(
  { matches, count, syncStatus }: RankedList<Entry>,
  nodeOf: (match: Entry) => Node,
  { size, after }: { readonly size: number; readonly after: string | null | undefined },
) {
  const page = new Map(matches.slice(0, size).map((match) => [nodeOf(match), match]))
  return toPage(
    [...page.keys()],
    {
      cursor(node) {
        const match = page.get(node)
        return match ? encodeCursor([match.mode, match.rank, match.sortKey]) : ''
      },
      hasNextPage: matches.length > size,
      after,
    },
    { syncStatus, count: () => count },
  )
}
