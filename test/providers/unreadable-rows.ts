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

/**
 * A proxy of the sandbox that changes every list of rows in the responses to GET requests, including the lists of
 * connections that are nested in connectors.
 */
export const changingProxy = (change: ChangeRows) => (sandbox: URL) =>
  listen(async (request, response) => {
    const { method = 'GET', url = '/' } = request
    const forwarded = Object.entries(request.headers).filter(([name]) => !connectionHeaders.includes(name))
    const body = method === 'GET' ? null : await readBody(request)
    const headers = Object.fromEntries(forwarded) as Record<string, string>
    const upstream = await fetch(new URL(url, sandbox), { method, headers, body })
    const text = await upstream.text()
    const isList = method === 'GET' && upstream.ok && text !== ''
    response.writeHead(upstream.status, { 'content-type': upstream.headers.get('content-type') ?? '' })
    response.end(isList ? JSON.stringify(changeLists(JSON.parse(text), change)) : text)
  })

const isRows = (value: unknown): value is readonly Row[] =>
  Array.isArray(value) && value.every((row) => typeof row === 'object' && row !== null)

/** The lists are the body itself, or at `data`, `data.items`, `data.accounts` or `items`. */
function changeLists(body: unknown, change: ChangeRows): unknown {
  if (isRows(body)) return change(body.map((row) => changeNested(row, change)))
  if (typeof body !== 'object' || body === null) return body
  return Object.fromEntries(
    Object.entries(body).map(([key, value]) =>
      ['data', 'items', 'accounts'].includes(key) ? [key, changeLists(value, change)] : [key, value],
    ),
  )
}

const changeNested = (row: Row, change: ChangeRows): Row =>
  isRows(row.connections) ? { ...row, connections: change(row.connections) } : row
