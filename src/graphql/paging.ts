import { GraphQLError } from 'graphql'
import { z } from 'zod'
import type { ProviderSyncStatus, SyncFreshness } from '../connect/sync-scheduler.ts'
import { isValidText } from '../domain/valid-text.ts'
import type { Position } from '../store/keyset-pagination.ts'
import { type BuilderTypes, builder, type PageExtras } from './builder.ts'
import { defaultPageSize, maxPageSize } from './cost.ts'
import { ProviderKeyEnum } from './enums.ts'

/** A GraphQL error with code BAD_USER_INPUT. */
export const badInput = (message: string) =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })

/** The filter, `{}` if none was given; throws BAD_USER_INPUT for texts that PostgreSQL cannot compare. */
export function validFilter<Filter extends object>(
  filter: Filter | null | undefined,
): Filter | Record<string, never> {
  if (filter != null && !Object.values(filter).flatMap(textsOf).every(isValidText)) {
    throw badInput('The filter contains characters that no value can have.')
  }
  return filter ?? {}
}

const textsOf = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value]
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsOf) : []
}

/** The page size, 20 by default; throws BAD_USER_INPUT outside 1..100. */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? defaultPageSize
  if (size < 1 || size > maxPageSize) throw badInput(`"first" must be between 1 and ${maxPageSize}.`)
  return size
}

export const encodeCursor = (parts: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(parts)).toString('base64url')

/** The parts of a cursor of this list; `null` if none was given. Throws BAD_USER_INPUT for any other text. */
export function decodeCursor<Parts extends z.ZodType>(cursor: string | null | undefined, parts: Parts) {
  if (cursor == null) return null
  const decoded = parts.safeParse(readJson(cursor))
  if (!decoded.success) throw badInput('"after" is not a cursor of this list.')
  return decoded.data
}

function readJson(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}

// Outside the years 1 to 9999 JavaScript writes dates that PostgreSQL does not read.
const firstYear = -62_135_596_800_000
const lastYear = 253_402_300_799_999

/** A time in a cursor, in milliseconds. */
export const cursorTime = z.number().int().min(firstYear).max(lastYear)

const newestFirstCursor = z.tuple([cursorTime, z.guid()])

/** The cursor of a row in a list that is ordered newest first. */
export const positionCursor = (row: { readonly createdAt: Date; readonly id: string }) =>
  encodeCursor([row.createdAt.getTime(), row.id])

export function decodePosition(cursor: string | null | undefined): Position | null {
  const parts = decodeCursor(cursor, newestFirstCursor)
  return parts && { createdAt: new Date(parts[0]), id: parts[1] }
}

const freshnessValues: Readonly<Record<SyncFreshness, { readonly description: string }>> = {
  FRESH: { description: 'Complete and recent.' },
  STALE: {
    description: 'Complete as of `syncedAt`, and due for a sync; `error` is set if the last one failed.',
  },
  FAILED: { description: 'Never synced completely: entries of this provider are missing.' },
  NOT_CONFIGURED: { description: 'The gateway has no credentials for this provider.' },
}

const SyncFreshnessEnum = builder.enumType('SyncFreshness', {
  description: "How complete and recent one provider's part of a list is.",
  values: freshnessValues,
})

export const ProviderSyncStatusType = builder.objectRef<ProviderSyncStatus>('ProviderSyncStatus').implement({
  description:
    "Sync status of one provider's part of a list. A failing provider never removes entries from a list.",
  fields: (t) => ({
    provider: t.expose('provider', { type: ProviderKeyEnum, description: 'The provider.' }),
    state: t.expose('state', {
      type: SyncFreshnessEnum,
      description: "How complete and recent the provider's part is.",
    }),
    syncedAt: t.expose('syncedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the last complete sync finished; null if there was none.',
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'Why the last sync failed; null if it succeeded.',
    }),
    skipped: t.exposeInt('skipped', {
      description:
        'How many entries the last complete sync left out because the provider sent them in an unreadable format. A part of the list that could not be read counts as one. The log says which fields are affected.',
    }),
  }),
})

type QueryArgs = PothosSchemaTypes.QueryFieldBuilder<BuilderTypes, BuilderTypes['Root']>['arg']

/** The argument `first` of a list. */
export const firstArg = ({ arg }: { readonly arg: QueryArgs }) =>
  arg.int({ description: 'Maximum number of entries to return, from 1 to 100. Default: 20.' })

/** The argument `after` of a list. */
export const afterArg = ({ arg }: { readonly arg: QueryArgs }) =>
  arg.string({ description: 'Return the entries after this cursor. Default: from the start.' })

class Edge<Row> {
  readonly node: Row
  readonly #cursorOf: (row: Row) => string

  constructor(node: Row, cursorOf: (row: Row) => string) {
    this.node = node
    this.#cursorOf = cursorOf
  }

  get cursor(): string {
    return this.#cursorOf(this.node)
  }
}

/** A page in the shape of the Relay plugin, from rows in order. */
export function toPage<Row>(
  rows: readonly Row[],
  page: {
    readonly cursor: (row: Row) => string
    readonly hasNextPage: boolean
    readonly after: string | null | undefined
  },
  extras: PageExtras,
) {
  // Cursors are encoded only where they are requested.
  const edges = rows.map((node) => new Edge(node, page.cursor))
  const pageInfo = {
    hasNextPage: page.hasNextPage,
    hasPreviousPage: page.after != null,
    get startCursor() {
      return edges[0]?.cursor ?? null
    },
    get endCursor() {
      return edges.at(-1)?.cursor ?? null
    },
  }
  return { edges, pageInfo, ...extras }
}
