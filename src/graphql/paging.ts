import { GraphQLError } from 'graphql'
import { z } from 'zod'
import type { SourceState } from '../connect/sync-scheduler.ts'
import { isStorable } from '../domain/valid-text.ts'
import type { Position } from '../store/keyset-pagination.ts'
import { builder, type PageExtras } from './builder.ts'
import { ProviderKeyEnum } from './enums.ts'

/** A GraphQL error that says the caller's arguments are at fault. */
export const badInput = (message: string) =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })

/** A filter whose texts could be stored; others are the caller's mistake. */
export function storable<Filter extends object>(
  filter: Filter | null | undefined,
): Filter | Record<string, never> {
  if (filter != null && !Object.values(filter).flatMap(textsOf).every(isStorable)) {
    throw badInput('The filter holds characters that no value can have.')
  }
  return filter ?? {}
}

const textsOf = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value]
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsOf) : []
}

export const maxPageSize = 100

/** How many to answer: outside 1..100 is an error, never a silent clamp. */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? 20
  if (size < 1 || size > maxPageSize) throw badInput(`"first" must be between 1 and ${maxPageSize}.`)
  return size
}

export const encodeCursor = (parts: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(parts)).toString('base64url')

/** Reads a cursor that a list of the same kind handed out; anything else is an error. */
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

const newestFirstCursor = z.tuple([z.number().int().min(firstYear).max(lastYear), z.guid()])

/** The cursor of lists that are ordered newest first. */
export const positionCursor = (row: { readonly created_at: Date; readonly id: string }) =>
  encodeCursor([row.created_at.getTime(), row.id])

export function decodePosition(cursor: string | null | undefined): Position | null {
  const parts = decodeCursor(cursor, newestFirstCursor)
  return parts && { createdAt: new Date(parts[0]), id: parts[1] }
}

const SourceFreshnessEnum = builder.enumType('SourceFreshness', {
  description: "How far one provider's part of a list can be trusted.",
  values: {
    FRESH: { description: 'Read completely, not long ago.' },
    STALE: {
      description: 'Complete as of `syncedAt`, and due to be read again; `error` says if that failed.',
    },
    FAILED: { description: 'It could never be read: entries of this provider are missing.' },
    NOT_CONFIGURED: { description: 'The gateway has no credentials for this provider.' },
  } as const,
})

export const SourceStateType = builder.objectRef<SourceState>('SourceState').implement({
  description: "One provider's part of a list. A provider that is down never empties a list in silence.",
  fields: (t) => ({
    provider: t.expose('provider', { type: ProviderKeyEnum, description: 'The provider.' }),
    state: t.expose('state', { type: SourceFreshnessEnum, description: 'How far its part can be trusted.' }),
    syncedAt: t.expose('syncedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last read completely.',
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'Why the last attempt to read it failed.',
    }),
  }),
})

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
  const edges = rows.map((node) => ({ node, cursor: page.cursor(node) }))
  const pageInfo = {
    hasNextPage: page.hasNextPage,
    hasPreviousPage: page.after != null,
    startCursor: edges[0]?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  }
  return { edges, pageInfo, ...extras }
}
