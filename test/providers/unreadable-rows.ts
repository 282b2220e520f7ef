import type { ProviderKey } from '../../src/domain/provider-key.ts'
import { listen, readBody } from '../helpers/listen.ts'

/** Rows that no list can contain. */
export const unreadableRows: Readonly<Record<string, unknown>> = {
  null: null,
  'a string': 'row',
  'an empty object': {},
  'an object with fields of other types': {
    id: { value: 1 },
    service: 7,
    service_name: ['x'],
    name_slug: {},
    name: 7,
    group_id: [],
    app: 'github',
    status: 'connected',
    connections: 'none',
  },
}

type Row = Readonly<Record<string, unknown>>

/** Changes one list of a response: returns the rows to send. */
export type ChangeRows = (rows: readonly Row[]) => readonly unknown[]

/** Headers that concern one connection only. */
const connectionHeaders = ['connection', 'content-length', 'host', 'transfer-encoding']

/** A proxy of the sandbox that changes the JSON bodies of successful responses, except of access tokens. */
export const changingProxy = (change: (body: unknown, method: string) => unknown) => (sandbox: URL) =>
  listen(async (request, response) => {
    const { method = 'GET', url = '/' } = request
    const forwarded = Object.entries(request.headers).filter(([name]) => !connectionHeaders.includes(name))
    const body = method === 'GET' ? null : await readBody(request)
    const headers = Object.fromEntries(forwarded) as Record<string, string>
    const upstream = await fetch(new URL(url, sandbox), { method, headers, body })
    const text = await upstream.text()
    const isChanged = upstream.ok && text !== '' && !url.includes('/oauth/')
    response.writeHead(upstream.status, { 'content-type': upstream.headers.get('content-type') ?? '' })
    response.end(isChanged ? JSON.stringify(change(JSON.parse(text), method)) : text)
  })

const isRows = (value: unknown): value is readonly Row[] =>
  Array.isArray(value) && value.every((row) => typeof row === 'object' && row !== null)

/**
 * Changes every list of rows, including the lists of connections that are nested in connectors. The lists are the body
 * itself, or at `data`, `data.items`, `data.accounts`, `items` or `connections`.
 */
export function changeLists(body: unknown, change: ChangeRows): unknown {
  if (isRows(body)) return change(body.map((row) => changeNested(row, change)))
  if (typeof body !== 'object' || body === null) return body
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) =>
      ['data', 'items', 'accounts', 'connections'].includes(key)
        ? [key, changeLists(value, change)]
        : [key, value],
    ),
  )
}

const changeNested = (row: Row, change: ChangeRows): Row =>
  isRows(row.connections) ? { ...row, connections: change(row.connections) } : row

/** Values of no type that a field of a response has. */
export const unreadableValues: Readonly<Record<string, unknown>> = {
  null: null,
  'an empty object': {},
  'a list': [null, ['x']],
  'a nested object': { id: { value: 1 } },
}

/** Fields without which a response cannot be used, and the fields around them. */
const essentialFields: Readonly<Record<ProviderKey, readonly string[]>> = {
  FIVETRAN: ['code', 'service', 'status', 'setup_state', 'connect_card', 'uri'],
  CENSUS: ['status', 'service_name', 'type', 'group_id', 'destination', 'destination_id', 'source_id', 'uri'],
  PIPEDREAM: ['name_slug', 'app', 'connect_link_url'],
  XPANDER: ['connections', 'oauth2_required', 'connector_page_url'],
  NANGO: [
    'connections',
    'connection_id',
    'provider_config_key',
    'tags',
    'connect_link_id',
    'unique_key',
    'token',
    'connect_link',
    'success',
  ],
  COMPOSIO: ['toolkit', 'slug', 'status', 'redirect_url', 'connected_account_id'],
}

const commonFields = ['data', 'items', 'id', 'name']

/** Fields by which the next page is found, and the fields around them. */
const pagingFields = ['next_cursor', 'pagination', 'next_page', 'page_info', 'end_cursor', 'total_pages']

/** Providers whose responses have none of them: the last page of a list is the one that is not full. */
export const pagedByCount: readonly ProviderKey[] = ['NANGO']

/** Replaces the value of each field that is not essential, at any depth. */
export function breakOptionalFields(body: unknown, provider: ProviderKey, value: unknown): unknown {
  const kept = new Set([...essentialFields[provider], ...commonFields, ...pagingFields])
  return mapFields(body, (name) => (kept.has(name) ? undefined : { value }))
}

/** Replaces the value of the outermost or of the innermost paging field. */
export const breakPaging = (body: unknown, depth: 'outer' | 'inner', value: unknown): unknown =>
  mapFields(body, (name, old) =>
    pagingFields.includes(name) && (depth === 'outer' || old === null || typeof old !== 'object')
      ? { value }
      : undefined,
  )

/** Replaces the fields for which `replace` returns a value; in the values of the others, it goes on. */
function mapFields(
  value: unknown,
  replace: (name: string, value: unknown) => { readonly value: unknown } | undefined,
): unknown {
  if (Array.isArray(value)) return value.map((entry) => mapFields(entry, replace))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, old]) => {
      const replacement = replace(name, old)
      return [name, replacement ? replacement.value : mapFields(old, replace)]
    }),
  )
}
