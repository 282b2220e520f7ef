import type { SandboxResponse } from '../../http-types.ts'
import type { Route } from '../../router.ts'
import type { XpanderConnector } from './connector-list.ts'
import { errorResponse, type Family, type Issue, missing, readPage, unprocessable } from './errors.ts'
import { itemJson } from './items.ts'
import type { XpanderState } from './state.ts'

const toolKinds = ['connector', 'agent', 'workflow', 'custom_function', 'mcp']
const verbs = [
  ['list', 'GET'],
  ['get', 'GET'],
  ['create', 'POST'],
  ['update', 'PATCH'],
  ['delete', 'DELETE'],
] as const

/** A page of the catalogue. Connections are returned only inside their connector: no endpoint lists them separately. */
export function listConnectors(state: XpanderState, family: Family): Route {
  return ({ query }) => {
    const { page, perPage, issues } = readPage(query)
    const allIssues = [...issues, ...(family === 'tools' ? kindIssues(query) : [])]
    if (allIssues.length > 0) return unprocessable(family, allIssues)
    const searchText = family === 'tools' ? query.get('query') : null // the older family has no filter
    const found = family === 'tools' ? filterByKind(state.connectors, query) : state.connectors
    const list = searchText === null ? found : filterByText(found, searchText)
    const start = (page - 1) * perPage
    return {
      status: 200,
      body: {
        items: list.slice(start, start + perPage).map((one) => itemJson(state, family, one)),
        total: list.length,
        page,
        per_page: perPage,
        total_pages: Math.ceil(list.length / perPage),
      },
    }
  }
}

/** The search; returns a bare array, without paging. */
export function searchConnectors(state: XpanderState, family: Family): Route {
  return ({ query }) => {
    const searchText = query.get('query')
    const issues = searchText === null ? [missing(['query', 'query'], null)] : []
    const allIssues = [...issues, ...(family === 'tools' ? kindIssues(query) : [])]
    if (searchText === null || allIssues.length > 0) return unprocessable(family, allIssues)
    const found = filterByText(
      family === 'tools' ? filterByKind(state.connectors, query) : state.connectors,
      searchText,
    )
    return { status: 200, body: found.map((one) => itemJson(state, family, one)) }
  }
}

/** The operations of a connection: `/v1/connectors/{connector}/{connection}/operations`. */
export function listOperations(state: XpanderState): Route {
  return (_, connectorId = '', connectionId = '') => operationsOf(state, connectorId, connectionId)
}

/** The same in the newer family, where the connection is a query parameter. */
export function listToolOperations(state: XpanderState): Route {
  return ({ query }, connectorId = '') => {
    const connectionId = query.get('connection_id')
    if (connectionId === null) return unprocessable('tools', [missing(['query', 'connection_id'], null)])
    return operationsOf(state, connectorId, connectionId, query.get('query') ?? '')
  }
}

function operationsOf(state: XpanderState, connectorId: string, connectionId: string, searchText = '') {
  const operations = readOperations(state, connectorId, connectionId)
  if (!Array.isArray(operations)) return operations
  const lowerCaseText = searchText.toLowerCase()
  return {
    status: 200,
    body: operations.filter((one) => one.pretty_name.toLowerCase().includes(lowerCaseText)),
  }
}

function readOperations(
  state: XpanderState,
  connectorId: string,
  connectionId: string,
): Operation[] | SandboxResponse {
  const connector = state.connector(connectorId)
  if (connector === undefined) return errorResponse(404, 'Connector not found')
  const isKnown = state.visibleConnections(connectorId).some(({ id }) => id === connectionId)
  if (!isKnown) return errorResponse(404, 'Connection not found')
  return Array.from({ length: connector.operations }, (_, at) => operation(connector, at))
}

/**
 * Runs an operation, by either of its IDs. There is no application: the answer names the operation. INFERRED: the format
 * of the answer is not documented.
 */
export function invokeOperation(state: XpanderState): Route {
  return (_, connectorId = '', connectionId = '', operationId = '') => {
    const operations = readOperations(state, connectorId, connectionId)
    if (!Array.isArray(operations)) return operations
    const found = operations.find((one) => one.id === operationId || one.operationId === operationId)
    return found
      ? { status: 200, body: { operation: found.operationId } }
      : errorResponse(404, 'Operation not found')
  }
}

type Operation = ReturnType<typeof operation>

function operation(connector: XpanderConnector, at: number) {
  const [verb, method] = verbs[at % verbs.length] ?? verbs[0]
  const group = 1 + Math.floor(at / verbs.length)
  return {
    id: `${connector.id.slice(0, 8)}-${at + 1}`,
    operationId: `${verb}Resource${group}`,
    path: verb === 'list' || verb === 'create' ? `/resources${group}` : `/resources${group}/{id}`,
    method,
    summary: null,
    description: null,
    tags: [],
    pretty_name: `${verb.charAt(0).toUpperCase()}${verb.slice(1)} resource ${group}`,
    pretty_description: null,
  }
}

function filterByKind(
  connectors: readonly XpanderConnector[],
  query: URLSearchParams,
): readonly XpanderConnector[] {
  return (query.get('type') ?? 'connector') === 'connector' ? connectors : []
}

function kindIssues(query: URLSearchParams): readonly Issue[] {
  const kind = query.get('type')
  if (kind === null || toolKinds.includes(kind)) return []
  const expected = toolKinds.map((one) => `'${one}'`).join(', ')
  const msg = `Input should be ${expected}`
  return [{ type: 'enum', loc: ['query', 'type'], msg, input: kind, ctx: { expected } }]
}

function filterByText(
  connectors: readonly XpanderConnector[],
  searchText: string,
): readonly XpanderConnector[] {
  const terms = searchText.toLowerCase().split(/\s+/)
  return connectors.filter(({ name, description }) => {
    const text = `${name} ${description}`.toLowerCase()
    return terms.every((term) => text.includes(term))
  })
}
