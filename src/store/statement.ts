import { type AliasedRawBuilder, CompiledQuery, type RawBuilder, type Selectable, sql } from 'kysely'
import type { Database } from './database.ts'
import type { Schema } from './schema.ts'
import { nameStatement } from './statement-names.ts'

type Leaf = string | number | boolean | Date | null | undefined | readonly Leaf[]

/** The arguments of a statement as expressions: a value that the text would depend on cannot be read from them. */
export type Placeholders<Args> = {
  readonly [Key in keyof Args]: Args[Key] extends Leaf
    ? RawBuilder<Exclude<Args[Key], undefined>>
    : Placeholders<Args[Key]>
}

/** Builds a statement. Its rows are returned as they are: see `columnsAs`. */
type Build<Args, Variant, Row> = (
  db: Database,
  args: Placeholders<Args>,
  variant: Variant,
) => { compile(db: Database): CompiledQuery<Row> } | { compile(): CompiledQuery<Row> }

/** Takes the place of a value while a statement is compiled. */
class Placeholder {
  readonly index: number
  constructor(index: number) {
    this.index = index
  }
}

interface Compiled {
  readonly text: string
  /** Placeholders, and values that are the same in each call. */
  readonly parameters: readonly unknown[]
}

/** Of one statement: callers select filters and columns of lists in any combination. */
const maxShapes = 500

/**
 * A statement that runs often: it is built and compiled once for each `variant` and each set of keys in its arguments, and
 * is a prepared statement on PostgreSQL. Both must be few. Arguments are values, arrays of values, and objects and arrays of
 * objects with values; a key whose value is `undefined` is absent.
 */
export function defineStatement<Args extends object, Row, Variant = null>(
  build: Build<Args, Variant, Row>,
): (db: Database, args: Args, variant: Variant) => Promise<Row[]> {
  const compiled = new Map<string, Compiled>()
  return async (db, args, variant) => {
    const values: unknown[] = []
    const shape = `${collect(args, values)}${JSON.stringify(variant)}`
    let statement = compiled.get(shape)
    if (statement === undefined) {
      const built = build(db, placeholdersOf(args, { next: 0 }) as Placeholders<Args>, variant)
      const { sql: text, parameters } = built.compile(db)
      statement = { text, parameters }
      const [oldest] = compiled.keys()
      if (compiled.size >= maxShapes && oldest !== undefined) compiled.delete(oldest)
      compiled.set(shape, statement)
      nameStatement(text)
    }
    const parameters = statement.parameters.map((parameter) =>
      parameter instanceof Placeholder ? values[parameter.index] : parameter,
    )
    const { rows } = await db
      .withoutPlugins()
      .executeQuery<Row>(CompiledQuery.raw(statement.text, parameters))
    return rows
  }
}

const isGroup = (value: unknown): value is object =>
  Array.isArray(value)
    ? isGroup(value[0])
    : typeof value === 'object' && value !== null && !(value instanceof Date)

/** Appends the values to `values`, and returns their keys. */
function collect(group: object, values: unknown[]): string {
  let keys = ''
  for (const [key, value] of Object.entries(group)) {
    if (value === undefined) continue
    if (isGroup(value)) keys += `${key}(${collect(value, values)})`
    else {
      keys += `${key},`
      values.push(value)
    }
  }
  return keys
}

/** The arguments with placeholders, numbered in the order of `collect`. */
function placeholdersOf(group: object, counter: { next: number }): unknown {
  const entries = Object.entries(group).flatMap(([key, value]) => {
    if (value === undefined) return []
    if (isGroup(value)) return [[key, placeholdersOf(value, counter)] as const]
    return [[key, sql`${new Placeholder(counter.next++)}`] as const]
  })
  return Array.isArray(group) ? entries.map(([, value]) => value) : Object.fromEntries(entries)
}

/**
 * Columns under their names in this program, which saves renaming them in each row. `columns` is a record, so that a missing
 * column can be made a compile error.
 */
export function columnsAs<
  Table extends keyof Schema,
  Column extends keyof Selectable<Schema[Table]> & string,
>(table: Table, columns: Readonly<Record<Column, true>>) {
  type Selected = { [Name in Column]: AliasedRawBuilder<Selectable<Schema[Table]>[Name], Name> }[Column]
  return Object.keys(columns).map((column) =>
    sql.ref(`${table}.${column}`).as(quoted(column)),
  ) as unknown as readonly Selected[]
}

/** A name in the result of a statement that is returned as it is. */
export const quoted = (name: string) => sql.raw(`"${name}"`)

/** One value of a column, or several of them. */
export interface OneOf {
  readonly one?: string | undefined
  readonly several?: readonly string[] | undefined
}

/** A single value is compared alone: of an array PostgreSQL expects ten, and would plan each execution anew. */
export const oneOf = (values: readonly string[]): OneOf =>
  values.length === 1 ? { one: values[0] } : { several: values }

/** The right side of `=` for a column of this type. */
export const anyOf = ({ one, several }: Placeholders<OneOf>, type: 'uuid' | 'text') =>
  one ? sql<string>`${one}::${sql.raw(type)}` : sql<string>`any(${several}::${sql.raw(type)}[])`
