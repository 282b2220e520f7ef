import { z } from 'zod'
import { NotFoundError, ProviderError } from '../../domain/errors.ts'
import { isNotFound } from '../../http/error-response.ts'
import { type HttpClient, path, type RequestContext } from '../../http/http-types.ts'
import type { RemoteConnection, RemoteConnector } from '../adapter.ts'
import { paginate } from '../paginate.ts'
import { type ConnectionAnswer, connectionAnswer, toConnection } from './connection.ts'
import { connectorPage, toConnector } from './connector.ts'

/** What all calls about links work with. */
export interface FivetranDeps {
  readonly http: HttpClient
  /** The configured one. */
  readonly group: string
  readonly now: () => Date
  readonly linkOrigins: readonly string[]
}

const one = z.object({ data: connectionAnswer })
const done = z.object({ code: z.string() })
const card = z.object({ data: z.object({ connect_card: z.object({ token: z.string(), uri: z.string() }) }) })
// Beside `config` it tells of `auth`: that is for the end user and the card alone.
const connectorDetails = z.object({ data: z.object({ config: z.unknown().optional() }) })
const connectionPage = z.object({
  data: z.object({ items: z.array(connectionAnswer), next_cursor: z.string().nullish() }),
})

/** Makes the connection and, as a rule, its card. */
export async function createConnection(
  http: HttpClient,
  service: string,
  body: object,
  call: RequestContext,
): Promise<ConnectionAnswer> {
  const { data } = await http.send(
    {
      method: 'POST',
      path: '/v1/connections',
      body,
      responseSchema: one,
      purpose: `make a connection of "${service}"`,
      // A group that is not there is no fault of the connector that the caller named.
      onNotFound: ({ code }) =>
        /group|destination/i.test(code ?? '')
          ? undefined
          : new NotFoundError(`Fivetran has no connector "${service}".`),
    },
    call,
  )
  return data
}

/** Looks for a connection by the name it was to have in its destination. */
export async function findBySchema(
  http: HttpClient,
  { group, schema }: { readonly group: string; readonly schema: string },
  call: RequestContext,
): Promise<ConnectionAnswer | undefined> {
  const request = {
    method: 'GET',
    path: path`/v1/groups/${group}/connections`,
    query: { schema },
    responseSchema: connectionPage,
    purpose: 'look for a connection',
  } as const
  const { data } = await http.send(request, call)
  return data.items.find((item) => item.schema === schema)
}

export async function startSyncing(http: HttpClient, id: string, call: RequestContext): Promise<void> {
  const purpose = 'start the first sync'
  const connection = path`/v1/connections/${id}`
  await http.send(
    { method: 'PATCH', path: connection, body: { paused: false }, responseSchema: done, purpose },
    call,
  )
  await http.send(
    { method: 'POST', path: `${connection}/sync`, body: {}, responseSchema: done, purpose },
    call,
  )
}

export async function createCard(http: HttpClient, id: string, config: object, call: RequestContext) {
  const body = { connect_card_config: config }
  const answer = await http.send(
    {
      method: 'POST',
      path: path`/v1/connections/${id}/connect-card`,
      body,
      responseSchema: card,
      purpose: 'make a Connect Card',
      onNotFound: (response) => (isNotFound(response) ? connectionMissing(id) : undefined),
    },
    call,
  )
  return answer.data.connect_card
}

export const connectionMissing = (id: string) => new NotFoundError(`Fivetran has no connection "${id}".`)

// Fivetran's 404 codes have changed over the years (Connector, Connection, Integration …); the status has not.
export async function getConnection(
  http: HttpClient,
  id: string,
  call: RequestContext,
): Promise<ConnectionAnswer | null> {
  const found = await http.find(
    { method: 'GET', path: path`/v1/connections/${id}`, responseSchema: one, purpose: 'read a connection' },
    call,
  )
  return found?.data ?? null
}

export async function removeConnection(http: HttpClient, id: string, call: RequestContext): Promise<boolean> {
  const request = {
    method: 'DELETE',
    path: path`/v1/connections/${id}`,
    responseSchema: done,
    purpose: 'delete a connection',
  } as const
  return (await http.find(request, call)) !== null
}

const pageSize = 1000

export async function* listGroup(
  http: HttpClient,
  group: string,
  call: RequestContext,
  { mayBeGone = false } = {},
) {
  yield* paginate<RemoteConnection, string>(async (cursor) => {
    const answer = await http.find(
      {
        method: 'GET',
        path: path`/v1/groups/${group}/connections`,
        query: { limit: pageSize, cursor },
        responseSchema: connectionPage,
        purpose: 'list connections',
        isNotFound: () => true,
      },
      call,
    )
    if (answer) return { items: answer.data.items.map(toConnection), next: answer.data.next_cursor }
    if (mayBeGone) return { items: [], next: null }
    throw new ProviderError(
      'FIVETRAN',
      'PROVIDER_REJECTED',
      'Fivetran has no such group: see FIVETRAN_GROUP_ID.',
      {
        providerErrorCode: 'NotFound_Group',
      },
    )
  })
}

/** How a service describes its `config`: `undefined` for one that is not there. */
export async function readConfigTree(
  http: HttpClient,
  service: string,
  call: RequestContext,
): Promise<unknown> {
  const found = await http.find(
    {
      method: 'GET',
      path: path`/v1/metadata/connector-types/${service}`,
      responseSchema: connectorDetails,
      purpose: 'read what a connector wants to be told',
    },
    call,
  )
  return found?.data.config
}

export async function* listConnectors(http: HttpClient, call: RequestContext) {
  yield* paginate<RemoteConnector, string>(async (cursor) => {
    const { data } = await http.send(
      {
        method: 'GET',
        path: '/v1/metadata/connector-types',
        query: { limit: pageSize, cursor },
        responseSchema: connectorPage,
        purpose: 'list connectors',
      },
      call,
    )
    return { items: data.items.map(toConnector), next: data.next_cursor }
  })
}
