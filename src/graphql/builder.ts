import SchemaBuilder from '@pothos/core'
import ErrorsPlugin from '@pothos/plugin-errors'
import RelayPlugin from '@pothos/plugin-relay'
import type { SourceState } from '../connect/sync-scheduler.ts'
import type { GraphQLContext } from './context.ts'
import { encodeGlobalId } from './ids.ts'

/** What every page carries beside its edges; `count` runs only when somebody asks for the total: `null`, if it would cost too much. */
export interface PageExtras {
  readonly sources: readonly SourceState[]
  count(): number | null | Promise<number | null>
}

/** Every field is non-null unless it says otherwise; every input is optional unless it says otherwise. */
export const builder = new SchemaBuilder<{
  Context: GraphQLContext
  DefaultFieldNullability: false
  DefaultEdgesNullability: { list: false; items: false }
  Connection: PageExtras
  Scalars: {
    DateTime: { Input: Date; Output: Date }
    URL: { Input: string; Output: string }
    JSONObject: { Input: Record<string, unknown>; Output: Record<string, unknown> }
  }
}>({
  plugins: [ErrorsPlugin, RelayPlugin],
  defaultFieldNullability: false,
  errors: { directResult: true },
  relay: {
    encodeGlobalID: (type, id) => encodeGlobalId(type, String(id)),
    // `node` and `nodes` are our own: junk and foreign ids answer null instead of an error.
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    idFieldOptions: { description: 'Opaque id, unique over all types; `node` finds the object by it.' },
    nodeTypeOptions: { description: 'An object that can be read again by its id.' },
    cursorType: 'String',
    edgesFieldOptions: {
      description: 'The entries with their cursors.',
      nullable: { list: false, items: false },
    },
    nodesOnConnection: { description: 'The entries alone.' },
    nodeFieldOptions: { description: 'The entry itself.' },
    cursorFieldOptions: {
      description: 'Where the entry lies in its list: an `after` for the entries behind it.',
    },
    pageInfoFieldOptions: { description: 'Where the page lies in its list.' },
    pageInfoTypeOptions: { description: 'Where a page lies in its list.' },
    hasNextPageFieldOptions: { description: 'Whether the list goes on after this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether the page was asked for with `after`.' },
    startCursorFieldOptions: { description: 'Cursor of the first edge; null on an empty page.' },
    endCursorFieldOptions: {
      description: 'Cursor of the last edge: the `after` of the next page; null on an empty page.',
    },
  },
})

builder.queryType({ description: 'Everything that can be read.' })
builder.mutationType({
  description:
    'Everything that changes something. Each answers a union of its payload and typed errors, with HTTP 200.',
})

builder.subscriptionType({ description: 'Everything that can be watched, over server-sent events.' })

export type BuilderTypes = typeof builder extends PothosSchemaTypes.SchemaBuilder<infer Types> ? Types : never
