import type { Log } from '../domain/log.ts'
import { ProviderError } from '../domain/provider-error.ts'
import type { ProviderKey } from '../domain/provider-key.ts'
import type { Page, SkippedRow } from './rows.ts'

/** One page of a list call. */
export interface FetchedPage<Item, Cursor> extends Page<Item> {
  /** Absent on the last page. */
  readonly next: Cursor | null | undefined
  /** Default: whether it has no rows at all. */
  readonly isEmpty?: boolean
}

interface PaginateOptions {
  readonly provider: ProviderKey
  /** The provider's name, for messages. */
  readonly name: string
  readonly log: Log
  readonly now: () => Date
}

const maxConsecutiveEmptyPages = 3
/** At 100 rows a page, 200 000 rows. */
const maxPages = 2_000
const maxMinutes = 10

export type Paginate = ReturnType<typeof createPaginate>

/** Creates the function with which an adapter reads its lists. */
export function createPaginate(options: PaginateOptions) {
  const report = createReport(options)

  /**
   * Yields all pages; empty pages are left out. Some providers return a next cursor on the last page or repeat cursors
   * endlessly: iteration stops at a cursor that was seen before and after more than `maxConsecutiveEmptyPages` empty
   * pages in a row. A single empty page between others does not stop it. `purpose`: as in `HttpRequest`.
   *
   * @throws ProviderError `PROVIDER_INVALID_RESPONSE` after `maxPages` pages or `maxMinutes`: the list has no end.
   */
  return async function* paginate<Item, Cursor extends string | number>(
    purpose: string,
    fetchPage: (cursor: Cursor | undefined) => Promise<FetchedPage<Item, Cursor>>,
  ): AsyncGenerator<Page<Item>> {
    const startedAt = options.now().getTime()
    const seen = new Set<Cursor>()
    let cursor: Cursor | undefined
    let consecutiveEmptyPages = 0
    for (let count = 1; ; count += 1) {
      const { items, skipped, next, ...page }: FetchedPage<Item, Cursor> = await fetchPage(cursor)
      const isEmpty = page.isEmpty ?? items.length + skipped.length === 0
      report(purpose, skipped)
      if (!isEmpty) yield { items, skipped }
      consecutiveEmptyPages = isEmpty ? consecutiveEmptyPages + 1 : 0
      if (next == null || seen.has(next) || consecutiveEmptyPages > maxConsecutiveEmptyPages) return
      if (count >= maxPages) throw endless(options, purpose, `${maxPages} pages`)
      if (options.now().getTime() - startedAt > maxMinutes * 60_000)
        throw endless(options, purpose, `${maxMinutes} minutes`)
      seen.add(next)
      cursor = next
    }
  }
}

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
