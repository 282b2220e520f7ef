import { z } from 'zod'
import { NotFoundError } from '../../domain/errors.ts'
import { isNotFound } from '../../http/error-response.ts'
import { type HttpClient, path, type RequestContext } from '../../http/http-types.ts'
import type { AdapterContext } from '../adapter.ts'
import { lenientText } from '../lenient.ts'
import { cursorField, type Paginate } from '../paginate.ts'
import { rowsOf } from '../rows.ts'
import { type ConnectionResponse, connectionResponse } from './connection.ts'

/** Dependencies of the functions that create and check links. */
export interface FivetranDeps {
  readonly http: HttpClient
  readonly paginate: Paginate
  /** ID of the configured group. */
  readonly group: string
  readonly now: () => Date
  readonly toGatewayTime: AdapterContext['toGatewayTime']
  readonly linkOrigins: readonly string[]
}

const singleResponse = z.object({ data: connectionResponse })
const successResponse = z.object({ code: z.string() })
const cardResponse = z.object({
  data: z.object({ connect_card: z.object({ token: lenientText, uri: z.string() }) }),
})
// `auth` is not read: only the end user fills it in, in the Connect Card.
const connectorDetailsResponse = z.object({ data: z.object({ config: z.unknown().optional() }) })
export const connectionPageResponse = z.object({
  data: z.object({
    items: rowsOf(connectionResponse),
    next_cursor: cursorField(z.string()),
  }),
})

/** Creates a connection and, if `body` contains `connect_card_config`, usually its Connect Card. */
export async function createConnection(
  http: HttpClient,
  service: string,
  body: object,
  call: RequestContext,
): Promise<ConnectionResponse> {
  const { data } = await http.send(
    {
      method: 'POST',
      path: '/v1/connections',
      body,
      publicFields: ['group_id', 'service'],
      responseSchema: singleResponse,
      purpose: `make a connection of "${service}"`,
      // A missing group is not an error of the connector that the caller has passed.
      onNotFound: ({ code }) =>
        /group|destination/i.test(code ?? '')
          ? undefined
          : new NotFoundError(`Fivetran has no connector "${service}".`),
    },
    call,
  )
  return data
}

/** Finds a connection of a group by its name in the destination. */
export async function findBySchema(
  http: HttpClient,
  { group, schema }: { readonly group: string; readonly schema: string },
  call: RequestContext,
): Promise<ConnectionResponse | undefined> {
  const request = {
    method: 'GET',
    path: path`/v1/groups/${group}/connections`,
    query: { schema },
    responseSchema: connectionPageResponse,
    purpose: 'find a connection',
  } as const
  const { data } = await http.send(request, call)
  return data.items.items.find((item) => item.schema === schema)
}

export async function startSync(http: HttpClient, id: string, call: RequestContext): Promise<void> {
  const purpose = 'start the first sync'
  const connection = path`/v1/connections/${id}`
  await http.send(
    { method: 'PATCH', path: connection, body: { paused: false }, responseSchema: successResponse, purpose },
    call,
  )
  await http.send(
    { method: 'POST', path: `${connection}/sync`, body: {}, responseSchema: successResponse, purpose },
    call,
  )
}

export async function createCard(http: HttpClient, id: string, config: object, call: RequestContext) {
  const body = { connect_card_config: config }
  const { data } = await http.send(
    {
      method: 'POST',
      path: path`/v1/connections/${id}/connect-card`,
      body,
      responseSchema: cardResponse,
      purpose: 'make a Connect Card',
      onNotFound: (response) => (isNotFound(response) ? connectionMissing(id) : undefined),
    },
    call,
  )
  return data.connect_card
}

export const connectionMissing = (id: string) => new NotFoundError(`Fivetran has no connection "${id}".`)

/**
 * Returns `null` for any 404: Fivetran's 404 codes have changed (Connector, Connection, Integration …), the
 * status has not.
 */
export async function getConnection(
  http: HttpClient,
  id: string,
  call: RequestContext,
): Promise<ConnectionResponse | null> {
  const request = {
    method: 'GET',
    path: path`/v1/connections/${id}`,
    responseSchema: singleResponse,
    purpose: 'read a connection',
  } as const
  return (await http.find(request, call))?.data ?? null
}

export async function deleteConnection(http: HttpClient, id: string, call: RequestContext): Promise<boolean> {
  const request = {
    method: 'DELETE',
    path: path`/v1/connections/${id}`,
    responseSchema: successResponse,
    purpose: 'delete a connection',
  } as const
  return (await http.find(request, call)) !== null
}

/** Reads a service's description of its `config` fields; `undefined`: the service or the description does not exist. */
export async function readConfigDescription(
  http: HttpClient,
  service: string,
  call: RequestContext,
): Promise<unknown> {
  const response = await http.find(
    {
      method: 'GET',
      path: path`/v1/metadata/connector-types/${service}`,
      responseSchema: connectorDetailsResponse,
      purpose: 'read the config schema of a connector',
    },
    call,
  )
  return response?.data.config
}
