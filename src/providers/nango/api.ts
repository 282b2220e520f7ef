import { z } from 'zod'
import type { ErrorReader } from '../../http/error-response.ts'
import { type HttpClient, path, type RequestContext } from '../../http/http-types.ts'
import type { RemoteReference } from '../adapter.ts'
import { lenient, lenientArray, lenientText } from '../lenient.ts'
import type { Paginate, ReadKind } from '../paginate.ts'
import { parseDate } from '../parse-date.ts'
import {
  type ConnectionResponse,
  connectionIdOf,
  connectionPageResponse,
  connectionResponse,
} from './connection.ts'

/** The environment of the key, with the client for it. */
export interface Environment {
  readonly http: HttpClient
  readonly paginate: Paginate
}

const errorBody = z.object({
  error: z.object({
    code: z.string(),
    errors: lenientArray(z.object({ path: lenient(z.array(z.unknown())) })),
  }),
})

/** The code of an error, with the top-level field of the request that it is about: `invalid_body.allowed_integrations`. */
export const errorReader: ErrorReader = {
  code(body) {
    const error = errorBody.safeParse(body).data?.error
    const field = lenientText.parse(error?.errors?.[0]?.path?.[0])
    return error && (field ? `${error.code}.${field}` : error.code)
  },
}

/** Larger pages may be refused. */
const pageSize = 100

/** `tags[connect_link_id]` filters by one tag. */
export interface ConnectionFilter {
  readonly connectionId?: string
  readonly 'tags[connect_link_id]'?: string
}

/** The connections of the environment. The list never contains credentials. */
export function listConnections(
  { http, paginate }: Environment,
  { kind, filter = {} }: { readonly kind: ReadKind; readonly filter?: ConnectionFilter },
  call: RequestContext,
) {
  const purpose = 'list connections'
  return paginate<ConnectionResponse, number>({ kind, purpose }, async (page = 0) => {
    const { connections } = await http.send(
      {
        method: 'GET',
        path: '/connections',
        query: { ...filter, limit: pageSize, page },
        responseSchema: connectionPageResponse,
        purpose,
      },
      call,
    )
    const count = connections.items.length + connections.skipped.length
    return { ...connections, next: count === pageSize ? page + 1 : null }
  })
}

async function findConnections(
  environment: Environment,
  filter: ConnectionFilter,
  call: RequestContext,
): Promise<readonly ConnectionResponse[]> {
  const found: ConnectionResponse[] = []
  for await (const { items } of listConnections(environment, { kind: 'CALL', filter }, call))
    found.push(...items)
  return found
}

/** The connections that were made, or authorized again, through a link, oldest first. */
export async function findByLink(
  environment: Environment,
  linkId: string,
  call: RequestContext,
): Promise<readonly ConnectionResponse[]> {
  const listed = await findConnections(environment, { 'tags[connect_link_id]': linkId }, call)
  return listed
    .filter(({ tags }) => tags?.connect_link_id === linkId)
    .toSorted((a, b) => madeAt(a) - madeAt(b))
}

const madeAt = ({ created }: ConnectionResponse): number => parseDate(created)?.getTime() ?? 0

/** A connection as the list has it: without its credentials, which this does not refresh. `null`: it does not exist. */
export async function findListed(
  environment: Environment,
  reference: RemoteReference,
  call: RequestContext,
): Promise<ConnectionResponse | null> {
  const connectionId = connectionIdOf(reference)
  const listed = await findConnections(environment, { connectionId }, call)
  const isIt = (one: ConnectionResponse) =>
    one.connection_id === connectionId && one.provider_config_key === reference.connectorKey
  return listed.find(isIt) ?? null
}

/** Codes with status 400 by which the API says that a connection, or its integration, does not exist. */
const goneCodes: ReadonlySet<string | undefined> = new Set(['unknown_connection', 'unknown_provider_config'])

const requestOf = (reference: RemoteReference) => ({
  path: path`/connections/${connectionIdOf(reference)}`,
  query: { provider_config_key: reference.connectorKey },
})

/**
 * Reads one connection. Nango refreshes its credentials before it answers; where that fails, the status is 424, and the
 * connection of the list is returned with an error.
 */
export async function readConnection(
  environment: Environment,
  reference: RemoteReference,
  call: RequestContext,
): Promise<ConnectionResponse | null> {
  let isUnusable = false
  const response = await environment.http.find(
    {
      method: 'GET',
      ...requestOf(reference),
      responseSchema: connectionResponse,
      purpose: 'read a connection',
      isMissing({ status, code }) {
        isUnusable = status === 424
        return isUnusable || goneCodes.has(code)
      },
    },
    call,
  )
  if (!isUnusable) return response
  const listed = await findListed(environment, reference, call)
  return listed && { ...listed, errors: [{ type: 'auth' }] }
}

/** Deletes a connection. `false`: it did not exist any more. */
export async function deleteConnection(
  { http }: Environment,
  reference: RemoteReference,
  call: RequestContext,
): Promise<boolean> {
  const response = await http.find(
    {
      method: 'DELETE',
      ...requestOf(reference),
      responseSchema: z.object({ success: z.boolean() }),
      purpose: 'delete a connection',
      isMissing: ({ code }) => goneCodes.has(code),
    },
    call,
  )
  return response?.success === true
}
