import { brandWithType, type OutputType } from '@pothos/core'
import { providerKeys } from '../domain/provider-key.ts'
import { type BuilderTypes, builder } from './builder.ts'
import { ConnectLinkType } from './connect-link.ts'
import { ConnectionType } from './connection.ts'
import { ConnectorType } from './connector.ts'
import type { GraphQLContext } from './context.ts'
import { decodeGlobalId } from './ids.ts'
import { badInput, maxPageSize } from './paging.ts'
import { ProviderType } from './provider.ts'

interface Finder {
  readonly type: OutputType<BuilderTypes>
  find(id: string, context: GraphQLContext): object | null | undefined | Promise<object | null>
}

const finders: ReadonlyMap<string, Finder> = new Map(
  Object.entries<Finder>({
    Provider: {
      type: ProviderType,
      find: (id, { connect }) => connect.providers.all.find(({ key }) => key === id),
    },
    Connector: {
      type: ConnectorType,
      find(id, { connect }) {
        const provider = providerKeys.find((key) => id.startsWith(`${key}:`))
        return provider && connect.catalogue.get(provider, id.slice(provider.length + 1))
      },
    },
    Connection: { type: ConnectionType, find: (id, { connections }) => connections.load(id) },
    ConnectLink: { type: ConnectLinkType, find: (id, { links }) => links.load(id) },
  }),
)

/** Finds what an id names; absent, foreign and junk ids are all null. */
async function loadNode(globalId: string, context: GraphQLContext): Promise<object | null> {
  const decoded = decodeGlobalId(globalId)
  const finder = decoded ? finders.get(decoded.type) : undefined
  const node = await finder?.find(decoded?.id ?? '', context)
  if (finder === undefined || node == null) return null
  brandWithType(node, finder.type)
  return node
}

builder.queryFields((t) => ({
  node: t.field({
    type: builder.nodeInterfaceRef(),
    nullable: true,
    description: 'The object with that id. Null: absent, not for this caller, or no id of this gateway.',
    args: { id: t.arg.id({ required: true, description: 'Which object.' }) },
    resolve: (_, { id }, context) => loadNode(id, context),
  }),
  nodes: t.field({
    type: [builder.nodeInterfaceRef()],
    nullable: { list: false, items: true },
    description: 'The objects with those ids, in their order, null where `node` would be null.',
    args: { ids: t.arg.idList({ required: true, description: 'Which objects; at most 100.' }) },
    resolve: (_, { ids }, context) => {
      if (ids.length > maxPageSize) throw badInput(`"ids" must have at most ${maxPageSize} entries.`)
      return Promise.all(ids.map((id) => loadNode(id, context)))
    },
  }),
}))
