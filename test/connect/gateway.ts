import {
  type ConnectionFilter,
  ConnectionsDocument,
  type ConnectionsQuery,
  ConnectLinkDocument,
  CreateConnectLinkDocument,
  type CreateConnectLinkInput,
  DisconnectConnectionDocument,
  type ProviderKey,
} from '../generated/graphql.ts'
import { decide, startTestGateway, type TestGateway, type TestGatewayOptions } from '../helpers/gateway.ts'

type ListedConnection = NonNullable<
  NonNullable<NonNullable<ConnectionsQuery['connections']>['nodes']>[number]
>

/** A call that a sandbox saw. */
export interface SeenCall {
  readonly method: string
  readonly path: string
}

/** The gateway and its sandbox, with the calls that tests of whole use cases make. */
export async function openGateway(options: TestGatewayOptions = {}) {
  const gateway = await startTestGateway(options)
  const { send, clock, poll } = gateway

  const create = async (provider: ProviderKey, input: CreateConnectLinkInput) =>
    (await send(CreateConnectLinkDocument, { provider, input })).createConnectLink

  async function createLink(
    provider: ProviderKey,
    connector: string,
    more: Partial<CreateConnectLinkInput> = {},
  ) {
    const made = await create(provider, { connector, endUser: { id: 'user-1' }, ...more })
    if (made.__typename !== 'CreateConnectLinkPayload') throw new Error(JSON.stringify(made))
    return { ...made.connectLink, url: made.connectLink.url ?? '', warnings: made.warnings }
  }

  return {
    ...gateway,
    /** The answer, whatever it is. */
    create,
    /** Insists on a link. */
    createLink,
    async makeConnection(
      provider: ProviderKey,
      connector: string,
      more: Partial<CreateConnectLinkInput> = {},
    ) {
      const link = await createLink(provider, connector, more)
      await decide(link.url, 'approve')
      return link
    },
    async readLink(id: string) {
      const { connectLink } = await send(ConnectLinkDocument, { id })
      if (connectLink == null) throw new Error('there is no such link')
      return connectLink
    },
    disconnect: async (connectionId: string) =>
      (await send(DisconnectConnectionDocument, { id: connectionId })).disconnectConnection,
    /** The list as it is ten seconds later: open links have been asked about by then, and sandbox slices are read anew. */
    async list(filter: ConnectionFilter = {}, { afterSeconds = 10 } = {}) {
      clock.advance(afterSeconds)
      await poll()
      const { connections } = await send(ConnectionsDocument, { filter, first: 100 })
      const nodes: ListedConnection[] = (connections?.nodes ?? []).flatMap((node) => node ?? [])
      const states = connections?.syncStatus ?? []
      return {
        nodes,
        totalCount: connections?.totalCount,
        syncStatus: Object.fromEntries(states.map(({ provider, state }) => [provider, state])),
        states,
      }
    },
  }
}

export type OpenGateway = Awaited<ReturnType<typeof openGateway>>

/** Calls of the sandbox that changed something there, without reads. */
export async function changes({ control }: Pick<TestGateway, 'control'>): Promise<readonly string[]> {
  const seen: readonly SeenCall[] = await (await control('GET', 'requests')).json()
  return seen.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`)
}

/** Calls the sandbox's API of a provider as another program of the same account would. */
export async function outside(
  { sandbox }: Pick<TestGateway, 'sandbox'>,
  path: string,
  { method = 'POST', headers, body }: { method?: string; headers: Record<string, string>; body?: object },
): Promise<Response> {
  const response = await fetch(new URL(path, sandbox.url), {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return response
}

export const fivetranHeaders = {
  authorization: `Basic ${Buffer.from('sandbox-key:sandbox-secret').toString('base64')}`,
}
