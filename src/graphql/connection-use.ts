import { isEndUser } from '../connect/authorization.ts'
import { type ConnectionUse, type ConnectionUseKind, toCurl } from '../domain/connection-use.ts'
import type { Viewer } from '../domain/viewer.ts'
import type { ProviderRegistry } from '../providers/provider-registry.ts'
import { reportedId } from '../store/reused-ids.ts'
import type { ConnectionRow } from '../store/schema.ts'
import { builder } from './builder.ts'
import type { Values } from './enums.ts'

const kindValues: Values<ConnectionUseKind> = {
  PROXY: {
    description:
      "The provider sends requests to the application's API with the credentials of the connection.",
  },
  SYNC: { description: 'The provider copies data on a schedule, or when it is requested.' },
  REFERENCE: {
    description: 'Other objects at the provider refer to the connection by its ID, such as syncs.',
  },
  TOOL: { description: 'The provider runs operations of the application, as tools of an AI agent.' },
}

const ConnectionUseKindEnum = builder.enumType('ConnectionUseKind', {
  description: 'How an application uses a connection at its provider.',
  values: kindValues,
})

interface NamedValue {
  readonly name: string
  readonly value: string
}

const ConnectionUseValueType = builder.objectRef<NamedValue>('ConnectionUseValue').implement({
  description: "A value that the provider's API takes.",
  fields: (t) => ({
    name: t.exposeString('name', { description: "The provider's name of it, such as `account_id`." }),
    value: t.exposeString('value', { description: 'The value; never a secret.' }),
  }),
})

export const ConnectionUseType = builder.objectRef<ConnectionUse>('ConnectionUse').implement({
  description:
    "How an application uses a connection with its provider's own API, which the gateway does not stand between. It has no secrets.",
  fields: (t) => ({
    kind: t.expose('kind', { type: ConnectionUseKindEnum, description: 'What the provider does with it.' }),
    values: t.field({
      type: [ConnectionUseValueType],
      description: "The IDs that the provider's API takes.",
      resolve: ({ values }) => Object.entries(values).map(([name, value]) => ({ name, value })),
    }),
    docsUrl: t.exposeString('docsUrl', { description: "The provider's documentation of the call." }),
    example: t.string({
      description:
        'A call as a command for a POSIX shell with curl. Variables such as `$FIVETRAN_API_CREDENTIALS` stand for what the application has: an API key, the operation to run.',
      resolve: ({ example }) => toCurl(example),
    }),
  }),
})

/** `null` for end users, who have no API key of the provider, and if the account is not configured any more. */
export function useOf(
  viewer: Viewer,
  providers: Pick<ProviderRegistry, 'byAccountKey'>,
  row: ConnectionRow,
): ConnectionUse | null {
  if (isEndUser(viewer) || row.status === 'DISCONNECTED') return null
  // An assignment here does not change the end user at the provider.
  const isKnownThere = row.ownerEvidence !== 'ASSIGNED' && row.ownerEvidence !== 'INFERRED'
  const { direction, connectorKey } = row
  const connection = { remoteId: reportedId(row.remoteId), direction, connectorKey }
  const { adapter } = providers.byAccountKey(row.accountKey) ?? {}
  return adapter?.useConnection?.({ ...connection, endUserId: isKnownThere ? row.endUserId : null }) ?? null
}
