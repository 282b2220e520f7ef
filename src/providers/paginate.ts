/** One page of a list call. */
export interface FetchedPage<Item, Cursor> {
  readonly items: readonly Item[]
  /** Absent on the last page. */
  readonly next: Cursor | null | undefined
}

const maxConsecutiveEmptyPages = 3

/**
 * Yields the items of all pages; empty pages are skipped. Some providers return a next cursor on the last
 * page or repeat cursors endlessly: iteration stops at a cursor that was seen before and after more than
 * `maxConsecutiveEmptyPages` empty pages in a row. A single empty page between others does not stop it.
 */
export async function* paginate<Item, Cursor extends string | number>(
  fetchPage: (cursor: Cursor | undefined) => Promise<FetchedPage<Item, Cursor>>,
): AsyncGenerator<readonly Item[]> {
  const seen = new Set<Cursor>()
  let cursor: Cursor | undefined
  let consecutiveEmptyPages = 0
  for (;;) {
    const page: FetchedPage<Item, Cursor> = await fetchPage(cursor)
    if (page.items.length > 0) yield page.items
    consecutiveEmptyPages = page.items.length === 0 ? consecutiveEmptyPages + 1 : 0
    if (page.next == null || seen.has(page.next) || consecutiveEmptyPages > maxConsecutiveEmptyPages) return
    seen.add(page.next)
    cursor = page.next
  }
}
