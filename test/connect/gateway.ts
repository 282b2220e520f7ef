import { connectionStatuses } from '../../src/domain/statuses.ts'
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
import {
  startTestGateway,
  submitProviderPage,
  type TestGateway,
  type TestGatewayOptions,
} from '../helpers/gateway.ts'

type ListedConnection = NonNullable<
  NonNullable<NonNullable<ConnectionsQuery['connections']>['nodes']>[number]
>

/** A request that the sandbox received. */
export interface SandboxRequest {
  readonly method: string
  readonly path: string
}

/** The gateway and its sandbox, with helpers for tests of whole use cases. */
export async function openGateway(options: TestGatewayOptions = {}) {
  const gateway = await startTestGateway(options)
  const { send, clock, poll } = gateway

  const create = async (provider: ProviderKey, input: CreateConnectLinkInput) =>
    (await send(CreateConnectLinkDocument, { provider, input })).createConnectLink

  async function createLink(
    provider: ProviderKey,
    connector: string,
    overrides: Partial<CreateConnectLinkInput> = {},
  ) {
    const result = await create(provider, { connector, endUser: { id: 'user-1' }, ...overrides })
    if (result.__typename !== 'CreateConnectLinkPayload') throw new Error(JSON.stringify(result))
    return { ...result.connectLink, url: result.connectLink.url ?? '', warnings: result.warnings }
  }

  return {
    ...gateway,
    /** Returns the payload or the error. */
    create,
    /** Throws if no link is created. */
    createLink,
    async makeConnection(
      provider: ProviderKey,
      connector: string,
      overrides: Partial<CreateConnectLinkInput> = {},
    ) {
      const link = await createLink(provider, connector, overrides)
      await submitProviderPage(link.url, 'approve')
      return link
    },
    async readLink(id: string) {
      const { connectLink } = await send(ConnectLinkDocument, { id })
      if (connectLink == null) throw new Error('there is no such link')
      return connectLink
    },
    disconnect: async (connectionId: string) =>
      (await send(DisconnectConnectionDocument, { id: connectionId })).disconnectConnection,
    /**
     * The list ten seconds later, after a poll of open links and a sync of the slices of the sandbox, which are stale then:
     * the list itself does not wait for it. Of all statuses by default.
     */
    async list(filter: ConnectionFilter = {}, { afterSeconds = 10 } = {}) {
      clock.advance(afterSeconds)
      await poll()
      await gateway.connect.connectionSyncs.ensureFresh(30_000, { providerKeys: filter.providers })
      const { connections } = await send(ConnectionsDocument, {
        filter: { statuses: [...connectionStatuses], ...filter },
        first: 100,
      })
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

/** The requests of the sandbox except reads. */
export async function changes({ control }: Pick<TestGateway, 'control'>): Promise<readonly string[]> {
  const requests: readonly SandboxRequest[] = await (await control('GET', 'requests')).json()
  return requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`)
}

/** Calls a provider's API in the sandbox directly, like another program of the same account. */
export async function callDirectly(
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
