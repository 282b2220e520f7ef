import type { Route } from '../../router.ts'
import type { XpanderConnector } from './connector-list.ts'
import { type Family, type Issue, missing, readPage, refuse, unprocessable } from './errors.ts'
import { itemJson } from './items.ts'
import type { XpanderStore } from './state.ts'

const toolKinds = ['connector', 'agent', 'workflow', 'custom_function', 'mcp']
const verbs = [
  ['list', 'GET'],
  ['get', 'GET'],
  ['create', 'POST'],
  ['update', 'PATCH'],
  ['delete', 'DELETE'],
] as const

/** A page of the catalogue. There is no other way to learn of connections than inside of it. */
export function listConnectors(store: XpanderStore, family: Family): Route {
  return ({ query }) => {
    const { page, perPage, issues } = readPage(query)
    const wrong = [...issues, ...(family === 'tools' ? kindIssues(query) : [])]
    if (wrong.length > 0) return unprocessable(family, wrong)
    const words = family === 'tools' ? query.get('query') : null // the older family takes no filter
    const found = family === 'tools' ? ofKind(store.connectors, query) : store.connectors
    const list = words === null ? found : matching(found, words)
    const start = (page - 1) * perPage
    return {
      status: 200,
      body: {
        items: list.slice(start, start + perPage).map((one) => itemJson(store, family, one)),
        total: list.length,
        page,
        per_page: perPage,
        total_pages: Math.ceil(list.length / perPage),
      },
    }
  }
}

/** The search: a bare array, not paged. */
export function searchConnectors(store: XpanderStore, family: Family): Route {
  return ({ query }) => {
    const words = query.get('query')
    const issues = words === null ? [missing(['query', 'query'], null)] : []
    const wrong = [...issues, ...(family === 'tools' ? kindIssues(query) : [])]
    if (words === null || wrong.length > 0) return unprocessable(family, wrong)
    const found = matching(family === 'tools' ? ofKind(store.connectors, query) : store.connectors, words)
    return { status: 200, body: found.map((one) => itemJson(store, family, one)) }
  }
}

/** What a connection can do: `/v1/connectors/{connector}/{connection}/operations`. */
export function listOperations(store: XpanderStore): Route {
  return (_, connectorId = '', connectionId = '') => operationsOf(store, connectorId, connectionId)
}

/** The same in the newer family, where the connection is a query parameter. */
export function listToolOperations(store: XpanderStore): Route {
  return ({ query }, connectorId = '') => {
    const connectionId = query.get('connection_id')
    if (connectionId === null) return unprocessable('tools', [missing(['query', 'connection_id'], null)])
    return operationsOf(store, connectorId, connectionId, query.get('query') ?? '')
  }
}

function operationsOf(store: XpanderStore, connectorId: string, connectionId: string, words = '') {
  const connector = store.connector(connectorId)
  if (connector === undefined) return refuse(404, 'Connector not found')
  const isKnown = store.visibleConnections(connectorId).some(({ id }) => id === connectionId)
  if (!isKnown) return refuse(404, 'Connection not found')
  const operations = Array.from({ length: connector.operations }, (_, at) => operation(connector, at))
  const wanted = words.toLowerCase()
  return { status: 200, body: operations.filter((one) => one.pretty_name.toLowerCase().includes(wanted)) }
}

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

function ofKind(
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

function matching(connectors: readonly XpanderConnector[], words: string): readonly XpanderConnector[] {
  const wanted = words.toLowerCase().split(/\s+/)
  return connectors.filter(({ name, description }) => {
    const text = `${name} ${description}`.toLowerCase()
    return wanted.every((word) => text.includes(word))
  })
}
