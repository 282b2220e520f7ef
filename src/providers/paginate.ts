import { z } from 'zod'
import type { Log } from '../domain/log.ts'
import { ProviderError } from '../domain/provider-error.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import type { Page, ParsedRows, SkippedRow } from './rows.ts'

/** Instead of a paging field that is neither absent nor readable. */
export const unreadableCursor = Symbol('unreadable cursor')

/** A paging field of a response, or an object with one. An unreadable one does not affect the rows of the page. */
export const cursorField = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([schema.nullish(), z.unknown().transform((): typeof unreadableCursor => unreadableCursor)])

/** One page of a list call. */
export interface FetchedPage<Item, Cursor> extends ParsedRows<Item> {
  /** Absent on the last page. */
  readonly next: Cursor | typeof unreadableCursor | null | undefined
}

interface PaginateOptions {
  readonly provider: ProviderKey
  /** The provider's name, for messages. */
  readonly name: string
  readonly log: Log
  readonly now: () => Date
  /** Limit of a read of the kind "CALL". Default: 20, at 100 rows a page 2 000 rows. */
  readonly pagesPerCall?: number
}

/** What a list is read for: a sync of the whole list, or a single call, such as to create or to check a link. */
export type ReadKind = 'SYNC' | 'CALL'

interface ListRead {
  readonly kind: ReadKind
  /** As in `HttpRequest`. */
  readonly purpose: string
}

const maxConsecutiveEmptyPages = 3
/** At 100 rows a page, 200 000 rows. */
const pagesPerSync = 2_000
const seconds: Readonly<Record<ReadKind, number>> = { SYNC: 600, CALL: 30 }

export type Paginate = ReturnType<typeof createPaginate>

/** Creates the function with which an adapter reads its lists. */
export function createPaginate(options: PaginateOptions) {
  const report = createReport(options)
  const maxPages = { SYNC: pagesPerSync, CALL: options.pagesPerCall ?? 20 }

  /**
   * Yields all pages; empty pages are left out. Some providers return a next cursor on the last page or repeat cursors
   * endlessly: iteration stops at a cursor that was seen before and after more than `maxConsecutiveEmptyPages` empty
   * pages in a row. A single empty page between others does not stop it. It also stops at an unreadable cursor; the last
   * page then has a skipped row without an ID, which stands for all rows that were not read.
   *
   * @throws ProviderError `PROVIDER_INVALID_RESPONSE` if the list has no end: a page that is not the last one has only
   * rows that were seen before, or the number of pages or the time exceeds the limit of the kind of read.
   */
  return async function* paginate<Item, Cursor extends string | number>(
    { kind, purpose }: ListRead,
    fetchPage: (cursor: Cursor | undefined) => Promise<FetchedPage<Item, Cursor>>,
  ): AsyncGenerator<Page<Item>> {
    const startedAt = options.now().getTime()
    const seenCursors = new Set<Cursor>()
    const seenIds = new Set<string>()
    let cursor: Cursor | undefined
    let consecutiveEmptyPages = 0
    for (let count = 1; ; count += 1) {
      const { items, ids, next, ...page }: FetchedPage<Item, Cursor> = await fetchPage(cursor)
      const skipped = next === unreadableCursor ? [...page.skipped, unreadRows] : page.skipped
      const isEmpty = ids.length + skipped.length === 0
      report(purpose, skipped)
      if (!isEmpty) yield { items, skipped }
      consecutiveEmptyPages = isEmpty ? consecutiveEmptyPages + 1 : 0
      if (next == null || next === unreadableCursor || seenCursors.has(next)) return
      if (consecutiveEmptyPages > maxConsecutiveEmptyPages) return
      const limit =
        ids.length > 0 && ids.every((id) => seenIds.has(id))
          ? 'a page with only rows of earlier pages'
          : limitReached({ count, maxPages: maxPages[kind] }, options.now().getTime() - startedAt, kind)
      if (limit !== null) throw endless(options, purpose, limit)
      for (const id of ids) seenIds.add(id)
      seenCursors.add(next)
      cursor = next
    }
  }
}

/** The limit of a read that has been reached; `null`: none. */
function limitReached(
  { count, maxPages }: { readonly count: number; readonly maxPages: number },
  elapsedMs: number,
  kind: ReadKind,
): string | null {
  if (count >= maxPages) return `${maxPages} pages`
  return elapsedMs > seconds[kind] * 1000 ? `${seconds[kind]} seconds` : null
}

/** Stands for the rows after an unreadable cursor. */
const unreadRows: SkippedRow = { id: null, group: null, problems: ['(next page): unreadable'] }

const endless = ({ provider, name }: PaginateOptions, purpose: string, limit: string) =>
  new ProviderError(
    provider,
    'PROVIDER_INVALID_RESPONSE',
    `${name} sent a list without an end: the attempt to ${purpose} was stopped after ${limit}.`,
  )

/** Logs each kind of unreadable row once per process. */
function createReport({ provider, log }: PaginateOptions) {
  const reported = new Set<string>()
  return (purpose: string, skipped: readonly SkippedRow[]) => {
    for (const problem of new Set(skipped.flatMap(({ problems }) => problems))) {
      const shape = `${purpose} ${problem}`
      if (reported.has(shape)) continue
      reported.add(shape)
      log.warn({ provider, purpose, problem }, 'skipped an unreadable row of a list')
    }
  }
}
