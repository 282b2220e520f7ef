import { isObject, objectOf, textOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import { groupOf } from './links.ts'
import { created, deleted, errorResponse, listPage, success } from './responses.ts'
import type { CensusState } from './state.ts'
import type { Connection, Kind } from './types.ts'

const bases: Readonly<Record<Kind, string>> = {
  destination: '/api/v1/destinations',
  source: '/api/v1/sources',
  activation: '/api/v2/activations',
}

const fileSystems = ['s3', 'google_cloud_storage', 'gcs', 'azure_blob_storage', 'sftp']

/** Connections of one kind; V1 can also create them from credentials. */
export function connectionRoutes(state: CensusState, kind: Kind): Record<string, Route> {
  const base = bases[kind]
  const render = (connection: Connection) => renderConnection(connection, groupOf(state.context))
  return {
    [`GET ${base}`]: (request) => listPage(state.connections(kind), request, render),
    [`GET ${base}/:id`]: (_request, id) => {
      const connection = state.connection(kind, id)
      return connection === undefined ? errorResponse(404) : success(render(connection))
    },
    [`DELETE ${base}/:id`]: (_request, id) => {
      const connection = state.connectionToChange(kind, id)
      if (connection === undefined) return errorResponse(404)
      state.removeConnection(connection)
      return deleted
    },
    ...(kind === 'activation' ? {} : { [`POST ${base}`]: create(state, kind) }),
  }
}

function create(state: CensusState, kind: Kind): Route {
  const wrapper = kind === 'source' ? 'connection' : 'service_connection'
  return ({ body, now }) => {
    const fields = objectOf(objectOf(body)[wrapper])
    const type = textOf(fields.type)
    if (type === undefined || state.type(kind, type) === undefined)
      return errorResponse(400, `Invalid type: ${type ?? ''}`)
    if (!isObject(fields.credentials)) return errorResponse(400, 'credentials are required')
    const connection = state.addConnection(kind, type, now)
    connection.name = textOf(fields.name) ?? connection.name
    connection.testSucceeded = null // not tested yet
    connection.testedAt = null
    return created({ id: Number(connection.id) })
  }
}

function renderConnection(connection: Connection, group: string): object {
  if (connection.kind === 'activation') return renderActivation(connection, group)
  const shared = { ...commonJson(connection), name: connection.name, id: Number(connection.id) }
  if (connection.kind === 'destination') return { ...shared, objects: [] }
  return { ...shared, label: null, sync_engine: 'basic', read_only_connection: false }
}

// Census documents the keys of `source` and `destination` in prose only.
function renderActivation(connection: Connection, group: string): object {
  const { id, name } = connection
  const source = { id: 1, name: 'Sandbox warehouse', type: 'snowflake' }
  return { id, name, group_id: group, source, destination: { id: 1, ...commonJson(connection) } }
}

function commonJson({ type, createdAt, testSucceeded, testedAt }: Connection): object {
  const outcome =
    testSucceeded === true ? { status: 'success' } : { status: 'error', error: { message: 'Login failed' } }
  return {
    type,
    created_at: createdAt,
    last_test_results:
      testSucceeded === null ? null : { steps: [{ step: 'Verify connectivity', ...outcome }] },
    last_test_succeeded: testSucceeded,
    last_tested_at: testedAt,
    connection_details: { account_name: 'Sandbox account' },
    is_file_system_destination: fileSystems.includes(type),
  }
}
