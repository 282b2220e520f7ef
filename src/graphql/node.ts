import { brandWithType, type OutputType } from '@pothos/core'
import type { Permission } from '../domain/permissions.ts'
import { providerKeys } from '../domain/provider-key.ts'
import { findAuditEvent } from '../store/audit-list.ts'
import { findProviderAccount } from '../store/provider-accounts.ts'
import { findSuspension } from '../store/provider-suspensions.ts'
import { findEndpoints } from '../store/webhook-endpoints.ts'
import { findMessages } from '../store/webhook-messages.ts'
import { ApiKeyType } from './api-key.ts'
import { ApplicationType } from './application.ts'
import { AuditEventType } from './audit-event.ts'
import { type BuilderTypes, builder } from './builder.ts'
import { ConnectLinkType } from './connect-link.ts'
import { ConnectionType } from './connection.ts'
import { ConnectorType } from './connector.ts'
import { catalogueFor, type GraphQLContext, providerFor } from './context.ts'
import { maxPageSize } from './cost.ts'
import { decodeGlobalId } from './ids.ts'
import { badInput } from './paging.ts'
import { ProviderType } from './provider.ts'
import { ProviderAccountType } from './provider-account.ts'
import { ProviderSuspensionType } from './provider-suspension.ts'
import { WebhookEndpointType, WebhookMessageType } from './webhook-endpoint.ts'

interface Finder {
  /** Without it the caller gets null, as for an ID that does not exist. */
  readonly permission: Permission
  readonly type: OutputType<BuilderTypes>
  find(id: string, context: GraphQLContext): object | null | undefined | Promise<object | null>
}

const finders: ReadonlyMap<string, Finder> = new Map(
  Object.entries<Finder>({
    Provider: {
      permission: 'catalogue:read',
      type: ProviderType,
      find(id, context) {
        const key = providerKeys.find((one) => one === id)
        return key && providerFor(context, key)
      },
    },
    Connector: {
      permission: 'catalogue:read',
      type: ConnectorType,
      find(id, context) {
        const provider = providerKeys.find((key) => id.startsWith(`${key}:`))
        return provider && catalogueFor(context).get(provider, id.slice(provider.length + 1))
      },
    },
    Application: {
      permission: 'catalogue:read',
      type: ApplicationType,
      find: (slug, context) => catalogueFor(context).application(slug),
    },
    Connection: {
      permission: 'connections:read',
      type: ConnectionType,
      find: (id, { connections }) => connections.load(id),
    },
    ApiKey: {
      permission: 'keys:admin',
      type: ApiKeyType,
      find: (id, { apiKeys }) => apiKeys.load(id),
    },
    ProviderAccount: {
      permission: 'accounts:admin',
      type: ProviderAccountType,
      find: async (id, { connect }) => (await findProviderAccount(connect.db, id)) ?? null,
    },
    ProviderSuspension: {
      permission: 'accounts:admin',
      type: ProviderSuspensionType,
      find: async (id, { connect }) => (await findSuspension(connect.db, id)) ?? null,
    },
    AuditEvent: {
      permission: 'audit:read',
      type: AuditEventType,
      find: async (id, { connect }) =>
        /^\d{1,15}$/.test(id) ? ((await findAuditEvent(connect.db, Number(id))) ?? null) : null,
    },
    WebhookEndpoint: {
      permission: 'webhooks:admin',
      type: WebhookEndpointType,
      find: async (id, { connect }) => (await findEndpoints(connect.db, [id]))[0] ?? null,
    },
    WebhookMessage: {
      permission: 'webhooks:admin',
      type: WebhookMessageType,
      find: async (id, { connect }) => (await findMessages(connect.db, [id]))[0] ?? null,
    },
    ConnectLink: {
      permission: 'links:read',
      type: ConnectLinkType,
      find: (id, { links }) => links.load(id),
    },
  }),
)

/** The object with that ID; `null` if it is malformed, does not exist, or is not accessible. */
async function loadNode(globalId: string, context: GraphQLContext): Promise<object | null> {
  const decoded = decodeGlobalId(globalId)
  const finder = decoded ? finders.get(decoded.type) : undefined
  if (decoded === null || finder === undefined) return null
  if (!context.viewer.scopes.includes(finder.permission)) return null
  const node = await finder.find(decoded.id, context)
  if (node == null) return null
  brandWithType(node, finder.type)
  return node
}

builder.queryFields((t) => ({
  node: t.field({
    permission: null, // by type, in `finders`
    type: builder.nodeInterfaceRef(),
    nullable: true,
    description:
      'The object with this global ID; null if the ID is malformed, or the object does not exist or is not accessible.',
    args: { id: t.arg.id({ required: true, description: 'Opaque global ID of the object.' }) },
    resolve: (_, { id }, context) => loadNode(id, context),
  }),
  nodes: t.field({
    permission: null, // by type, in `finders`
    type: [builder.nodeInterfaceRef()],
    nullable: { list: false, items: true },
    description: 'The objects with these global IDs, in the same order; null where `node` would be null.',
    args: {
      ids: t.arg.idList({ required: true, description: 'Opaque global IDs of the objects, at most 100.' }),
    },
    resolve: (_, { ids }, context) => {
      if (ids.length > maxPageSize) throw badInput(`"ids" must have at most ${maxPageSize} entries.`)
      return Promise.all(ids.map((id) => loadNode(id, context)))
    },
  }),
}))
