/** One answer of a list call. */
export interface FetchedPage<Item, Cursor> {
  readonly items: readonly Item[]
  /** Absent on the last page. */
  readonly next: Cursor | null | undefined
}

const maxEmptyInARow = 3

/**
 * Walks a provider's list to its end. Some providers name a next page after the last one, or repeat a cursor for
 * ever: a cursor seen before ends the walk, and so does a row of empty pages. One empty page may lie in between.
 */
export async function* paginate<Item, Cursor extends string | number>(
  fetchPage: (cursor: Cursor | undefined) => Promise<FetchedPage<Item, Cursor>>,
): AsyncGenerator<readonly Item[]> {
  const seen = new Set<Cursor>()
  let cursor: Cursor | undefined
  let emptyInARow = 0
  for (;;) {
    const page: FetchedPage<Item, Cursor> = await fetchPage(cursor)
    if (page.items.length > 0) yield page.items
    emptyInARow = page.items.length === 0 ? emptyInARow + 1 : 0
    if (page.next == null || seen.has(page.next) || emptyInARow > maxEmptyInARow) return
    seen.add(page.next)
    cursor = page.next
  }
}
