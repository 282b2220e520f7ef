import { isObject, objectOf, textOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import { sandboxGroup } from './links.ts'
import { created, deleted, listPage, refusal, success } from './responses.ts'
import type { Connection, Kind, Ledger } from './state.ts'

const bases: Readonly<Record<Kind, string>> = {
  destination: '/api/v1/destinations',
  source: '/api/v1/sources',
  activation: '/api/v2/activations',
}

const fileSystems = ['s3', 'google_cloud_storage', 'gcs', 'azure_blob_storage', 'sftp']

/** Connections of one kind; V1 also makes them from credentials. */
export function connectionRoutes(ledger: Ledger, kind: Kind): Record<string, Route> {
  const base = bases[kind]
  return {
    [`GET ${base}`]: (request) => listPage(ledger.connections(kind), request, render),
    [`GET ${base}/:id`]: (_request, id) => {
      const connection = ledger.connection(kind, id)
      return connection === undefined ? refusal(404) : success(render(connection))
    },
    [`DELETE ${base}/:id`]: (_request, id) => {
      const connection = ledger.connectionToChange(kind, id)
      if (connection === undefined) return refusal(404)
      ledger.removeConnection(connection)
      return deleted
    },
    ...(kind === 'activation' ? {} : { [`POST ${base}`]: create(ledger, kind) }),
  }
}

function create(ledger: Ledger, kind: Kind): Route {
  const wrapper = kind === 'source' ? 'connection' : 'service_connection'
  return ({ body, now }) => {
    const given = objectOf(objectOf(body)[wrapper])
    const type = textOf(given.type)
    if (type === undefined || ledger.type(kind, type) === undefined)
      return refusal(400, `Invalid type: ${type ?? ''}`)
    if (!isObject(given.credentials)) return refusal(400, 'credentials are required')
    const connection = ledger.addConnection(kind, type, now)
    connection.name = textOf(given.name) ?? connection.name
    connection.testSucceeded = null // nobody has tested it yet
    connection.testedAt = null
    return created({ id: Number(connection.id) })
  }
}

function render(connection: Connection): object {
  if (connection.kind === 'activation') return renderActivation(connection)
  const shared = { ...tested(connection), name: connection.name, id: Number(connection.id) }
  if (connection.kind === 'destination') return { ...shared, objects: [] }
  return { ...shared, label: null, sync_engine: 'basic', read_only_connection: false }
}

// The keys inside `source` and `destination` are documented in words only.
function renderActivation(connection: Connection): object {
  const { id, name } = connection
  const source = { id: 1, name: 'Sandbox warehouse', type: 'snowflake' }
  return { id, name, group_id: sandboxGroup, source, destination: { id: 1, ...tested(connection) } }
}

function tested({ type, createdAt, testSucceeded, testedAt }: Connection): object {
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
