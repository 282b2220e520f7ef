const defaultLimit = 10
const maxLimit = 100

/**
 * One page of `rows`. As at Pipedream, `end_cursor` is set on the last page too: only an empty page, whose cursors are
 * null, ends the iteration. If the row of the cursor was deleted, the rows must be sorted by key.
 */
export function paginate<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  query: URLSearchParams,
): { readonly rows: readonly Row[]; readonly page_info: object } {
  const limit = readLimit(query.get('limit'))
  const after = readCursor(query.get('after'))
  const before = readCursor(query.get('before'))
  const start = after === undefined ? 0 : positionOf(rows, keyOf, after, 1)
  const end = before === undefined ? rows.length : positionOf(rows, keyOf, before, 0)
  const page =
    before === undefined || after !== undefined
      ? rows.slice(start, Math.min(end, start + limit))
      : rows.slice(Math.max(0, end - limit), end)
  const [first] = page
  const last = page.at(-1)
  const page_info = {
    count: page.length,
    total_count: rows.length,
    start_cursor: first === undefined ? null : writeCursor(keyOf(first)),
    end_cursor: last === undefined ? null : writeCursor(keyOf(last)),
  }
  return { rows: page, page_info }
}

/** The index of the row with this key plus `step`; if there is none, the index of the first row with a greater key. */
function positionOf<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  key: string,
  step: 0 | 1,
): number {
  const exact = rows.findIndex((row) => keyOf(row) === key)
  if (exact !== -1) return exact + step
  const next = rows.findIndex((row) => keyOf(row) > key)
  return next === -1 ? rows.length : next
}

// Default 10, maximum 100: pipedream.com/docs/rest-api, assumed to apply to Connect as well. Invalid: the default.
function readLimit(text: string | null): number {
  const limit = Number(text ?? defaultLimit)
  return Number.isInteger(limit) && limit > 0 ? Math.min(limit, maxLimit) : defaultLimit
}

function readCursor(text: string | null): string | undefined {
  return text === null || text === '' ? undefined : Buffer.from(text, 'base64url').toString()
}

function writeCursor(key: string): string {
  return Buffer.from(key).toString('base64url')
}
