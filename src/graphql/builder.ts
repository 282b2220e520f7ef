import SchemaBuilder from '@pothos/core'
import ComplexityPlugin from '@pothos/plugin-complexity'
import ErrorsPlugin from '@pothos/plugin-errors'
import RelayPlugin from '@pothos/plugin-relay'
import type { ProviderSyncStatus } from '../connect/sync-scheduler.ts'
import type { GraphQLContext } from './context.ts'
import { fieldCost, pageEntriesCost } from './cost.ts'
import { encodeGlobalId } from './ids.ts'
import './audit-plugin.ts'
import './permission-plugin.ts'
import './provider-budget-plugin.ts'
import './tracing-plugin.ts'

/** What a page carries beside its edges. */
export interface PageExtras {
  readonly syncStatus: readonly ProviderSyncStatus[]
  /** Total number of entries; `null`: too many to count. Runs only when the field is selected. */
  count(): number | null | Promise<number | null>
}

/** Output fields are non-null unless marked nullable; input fields are optional unless marked required. */
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
  // The first one is outermost. The permission is checked inside the errors plugin, so that FORBIDDEN stays a GraphQL
  // error; the audit is between them: it records errors before they become results, and refused calls.
  plugins: [ErrorsPlugin, 'audit', 'tracing', RelayPlugin, 'providerBudget', 'permissions', ComplexityPlugin],
  defaultFieldNullability: false,
  errors: { directResult: true },
  // Declares costs only: the server compares them with its limits, see use-cost-limit.ts.
  complexity: { disabled: true, fieldComplexity: fieldCost },
  relay: {
    encodeGlobalID: (type, id) => encodeGlobalId(type, String(id)),
    // `node` and `nodes` are defined in node.ts: malformed and foreign ids give null instead of an error.
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    idFieldOptions: {
      description: 'Opaque global ID, unique over all types. Pass it to `node` to read the object again.',
    },
    nodeTypeOptions: { description: 'An object that can be read again by its global ID.' },
    cursorType: 'String',
    edgesFieldOptions: {
      description: 'The entries of this page with their cursors.',
      nullable: { list: false, items: false },
      complexity: pageEntriesCost,
    },
    nodesOnConnection: {
      complexity: pageEntriesCost,
      description: 'The entries of this page without cursors.',
    },
    nodeFieldOptions: { description: 'The entry.' },
    cursorFieldOptions: {
      description:
        'Opaque position of the entry in its list. Pass it as `after` to get the entries after it.',
    },
    pageInfoFieldOptions: { description: 'Position of this page in its list.' },
    pageInfoTypeOptions: { description: 'Position of a page in its list.' },
    hasNextPageFieldOptions: { description: 'Whether there are entries after this page.' },
    hasPreviousPageFieldOptions: { description: 'Whether the page was requested with `after`.' },
    startCursorFieldOptions: { description: 'Cursor of the first edge; null on an empty page.' },
    endCursorFieldOptions: {
      description: 'Cursor of the last edge: pass it as `after` to get the next page. Null on an empty page.',
    },
  },
})

builder.queryType({ description: 'Read operations.' })
builder.mutationType({
  description:
    'Write operations. Each returns a union of its payload and typed errors, with HTTP status 200; select `... on Error { code message }` for all of them.',
})
builder.subscriptionType({
  description:
    "Event streams, delivered as server-sent events (graphql-sse) or by Apollo Client's multipart protocol.",
})

export type BuilderTypes = typeof builder extends PothosSchemaTypes.SchemaBuilder<infer Types> ? Types : never
