import { z } from 'zod'
import type { ProviderKey } from '../domain/provider-key.ts'
import type { ConnectionStatus } from '../domain/statuses.ts'
import { type ApiClient, createApiClient } from './api-client.ts'
import type { JsonOption, Output } from './output.ts'

export interface ConnectionsCommand extends JsonOption {
  readonly endUser?: string
  readonly application?: string
  readonly provider?: ProviderKey
  readonly status?: ConnectionStatus
  readonly limit: number
}

const connectionSchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  remoteId: z.string(),
  status: z.string(),
  connectorKey: z.string(),
  createdAt: z.string(),
  health: z.object({ code: z.string(), message: z.string().nullable() }),
  endUser: z.object({ id: z.string() }).nullable(),
  provider: z.object({ key: z.string() }),
})
type Connection = z.output<typeof connectionSchema>

const pageSchema = z.object({
  connections: z.object({
    // Not counted above 10,000.
    totalCount: z.number().nullable(),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    syncStatus: z.array(z.object({ provider: z.string(), state: z.string(), error: z.string().nullable() })),
    nodes: z.array(connectionSchema),
  }),
})

/** The largest page of the API. */
const pageSize = 100

/** Lists connections, newest first; the result has one line for each. Throws CommandError. */
export async function runConnections(options: ConnectionsCommand, output: Output): Promise<void> {
  const { endUser, application, provider, status, limit } = options
  const filter = {
    endUserId: endUser,
    connectorKey: application,
    providers: provider && [provider],
    statuses: status && [status],
  }
  const { nodes, totalCount, syncStatus, pageInfo } = await readConnections(createApiClient(), filter, limit)
  output.result([columns.join('\t'), ...nodes.map(lineOf)].join('\n'), {
    totalCount,
    syncStatus,
    connections: nodes,
  })
  if (pageInfo.hasNextPage)
    output.note(`${nodes.length} of ${totalCount ?? 'more than 10,000'} connections: see --limit.`)
  for (const { provider: key, state, error } of syncStatus)
    if (error !== null) output.note(`The list of ${key} is ${state}${error === null ? '' : `: ${error}`}`)
}

async function readConnections(api: ApiClient, filter: object, limit: number) {
  const nodes: Connection[] = []
  for (let after: string | null = null; ; ) {
    const variables: object = { filter, first: Math.min(pageSize, limit - nodes.length), after }
    const { connections } = await api.run('Connections', variables, pageSchema)
    nodes.push(...connections.nodes)
    after = connections.pageInfo.endCursor
    if (!connections.pageInfo.hasNextPage || nodes.length >= limit) return { ...connections, nodes }
  }
}

const columns = ['ID', 'PROVIDER', 'CONNECTOR', 'STATUS', 'HEALTH', 'END USER', 'CREATED', 'NAME']

const lineOf = ({ id, provider, connectorKey, status, health, endUser, createdAt, name }: Connection) =>
  [id, provider.key, connectorKey, status, health.code, endUser?.id ?? '-', createdAt, name ?? '-']
    .map(plain)
    .join('\t')

/** Names come from the provider: control characters would change the columns or the terminal. */
const plain = (text: string) => text.replaceAll(/\p{Cc}/gu, ' ')
