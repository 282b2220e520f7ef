/** One answer of a list call. */
export interface FetchedPage<Item, Cursor> {
  readonly items: readonly Item[]
  /** Absent on the last page. */
  readonly next: Cursor | null | undefined
}

/**
 * Walks a provider's list to its end. Some providers repeat a cursor for ever, name a next page after the last
 * one, or page by offset so that rows repeat: a cursor seen before ends the walk, and so does an empty page.
 */
export async function* pages<Item, Cursor extends string | number>(
  fetchPage: (cursor: Cursor | undefined) => Promise<FetchedPage<Item, Cursor>>,
): AsyncGenerator<readonly Item[]> {
  const seen = new Set<Cursor>()
  let cursor: Cursor | undefined
  for (;;) {
    const page: FetchedPage<Item, Cursor> = await fetchPage(cursor)
    if (page.items.length > 0) yield page.items
    if (page.items.length === 0 || page.next === null || page.next === undefined || seen.has(page.next))
      return
    seen.add(page.next)
    cursor = page.next
  }
}
