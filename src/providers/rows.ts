import { z } from 'zod'

/** A row of a list that does not have the expected format. */
export interface SkippedRow {
  /** `null`: its ID is unreadable too. */
  readonly id: string | null
  /** As `RemoteConnection.remoteGroup`; `null`: not known. */
  readonly group: string | null
  /** For the log: paths within the row, never values. */
  readonly problems: readonly string[]
}

/** A page of a list. An unreadable row is left out of `items` and does not affect the other rows. */
export interface Page<Item> {
  readonly items: readonly Item[]
  readonly skipped: readonly SkippedRow[]
}

/** A page as its rows were received. */
export interface ParsedRows<Item> extends Page<Item> {
  /** IDs of all rows, also of unreadable ones, as far as the IDs are readable. */
  readonly ids: readonly string[]
}

/** The fields that identify a row even if the rest of it is unreadable. */
export interface RowKeys {
  /** Default: `id`. */
  readonly id?: string
  /** The field of the provider's grouping of connections; absent: rows have none. */
  readonly group?: string
}

/** Parses each row on its own: an unreadable one is skipped and does not affect the others. */
export function parseRows<Row extends z.ZodType>(
  row: Row,
  rows: readonly unknown[],
  keys: RowKeys = {},
): ParsedRows<z.output<Row>> {
  const items: z.output<Row>[] = []
  const skipped: SkippedRow[] = []
  const ids: string[] = []
  for (const input of rows) {
    const parsed = row.safeParse(input)
    const identity = identify(input, keys)
    if (identity.id !== null) ids.push(identity.id)
    if (parsed.success) items.push(parsed.data)
    else skipped.push({ ...identity, problems: parsed.error.issues.map(describe) })
  }
  return { items, skipped, ids }
}

/** The schema of a list in a response body; its output is a page. */
export const rowsOf = <Row extends z.ZodType>(row: Row, keys?: RowKeys) =>
  z.array(z.unknown()).transform((rows) => parseRows(row, rows, keys))

/** A page with the same skipped rows and converted items. */
export const mapPage = <From, To>({ items, skipped }: Page<From>, convert: (item: From) => To): Page<To> => ({
  items: items.map(convert),
  skipped,
})

/** As `mapPage`, for a page as it was received. */
export const mapRows = <From, To>(
  { ids, ...page }: ParsedRows<From>,
  convert: (item: From) => To,
): ParsedRows<To> => ({ ...mapPage(page, convert), ids })

const idText = z
  .union([z.string().min(1), z.number()])
  .transform(String)
  .nullable()
  .catch(null)

function identify(input: unknown, { id = 'id', group }: RowKeys) {
  const fields = z.record(z.string(), z.unknown()).safeParse(input).data ?? {}
  return { id: idText.parse(fields[id]), group: group === undefined ? null : idText.parse(fields[group]) }
}

/** The path within the row and the kind of problem, without values: `status.tasks.*.code: invalid_type`. */
function describe({ path, code }: z.core.$ZodIssue): string {
  const place = path.map((key) => (typeof key === 'number' ? '*' : String(key))).join('.')
  return `${place || '(row)'}: ${code}`
}

/** The IDs of all connections of a page, as far as they are readable: a skipped row may be readable later. */
export const idsOf = ({ items, skipped }: Page<{ readonly remoteId: string }>): string[] => [
  ...items.map(({ remoteId }) => remoteId),
  ...skipped.flatMap(({ id }) => (id === null ? [] : [id])),
]

/** Whether one of the skipped rows has this ID, or may have it. */
export const mayContain = (skipped: readonly SkippedRow[], id: string): boolean =>
  skipped.some((row) => row.id === id || row.id === null)
