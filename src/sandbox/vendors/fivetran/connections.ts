import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import { isObject, objectOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import { type CardRequest, mintCard, readCardConfig } from './card-page.ts'
import {
  createConnection,
  isPersistent,
  isTrue,
  readNewConnection,
  renderConnection,
  updateConnection,
} from './connection.ts'
import { done, invalidInput, listPage, notFound, refusal, requiredField, success } from './responses.ts'
import { isSyncing, startSync, testSetup } from './setup.ts'
import type { Connection, Ledger } from './state.ts'
import type { Emit } from './webhooks.ts'

/** What the routes work on, and the word they use for it: old paths say Connector, new ones Connection. */
interface Desk {
  readonly ledger: Ledger
  readonly emit: Emit
  readonly noun: 'Connection' | 'Connector'
}

/** Connections under their present name, and under the old one that the official Go client still uses. */
export function connectionRoutes(ledger: Ledger, emit: Emit): Record<string, Route> {
  const present = routes({ ledger, emit, noun: 'Connection' })
  const old = { ledger, emit, noun: 'Connector' } as const
  return {
    ...present,
    ...routes(old),
    'POST /v1/connectors/:id/connect-card-token': (request, id) =>
      // Without the envelope, and without a redirect: fivetran.com/docs/rest-api/connectors/connect-card
      change(old, id, (connection) => ({
        status: 200,
        body: { token: mintCard(ledger, connection, { now: request.now }).token, connector_id: id },
      })),
    'POST /v1/connectors/:id/force': (request, id) => change(old, id, (found) => sync(old, found, request)),
  }
}

function routes(desk: Desk): Record<string, Route> {
  const { ledger, emit, noun } = desk
  const base = `/v1/${noun.toLowerCase()}s`
  return {
    [`GET ${base}`]: (request) => list(ledger, request, request.query.get('group_id')),
    [`GET /v1/groups/:groupId/${noun.toLowerCase()}s`]: (request, groupId) => {
      const known = ledger.state().groups.some(({ id }) => id === groupId)
      return known ? list(ledger, request, groupId) : notFound('Group', groupId)
    },
    [`POST ${base}`]: (request) => create(desk, request),
    [`GET ${base}/:id`]: ({ now }, id) => {
      const connection = ledger.connection(id)
      return connection === undefined ? notFound(noun, id) : success(renderConnection(connection, now))
    },
    [`PATCH ${base}/:id`]: (request, id) => change(desk, id, (found) => update(desk, found, request)),
    [`DELETE ${base}/:id`]: (_request, id) =>
      change(desk, id, (connection) => {
        ledger.remove(connection)
        emit('delete_connector', connection)
        return done(`${noun} with id '${id}' has been deleted`)
      }),
    [`POST ${base}/:id/test`]: (request, id) => change(desk, id, (found) => test(found, request)),
    [`POST ${base}/:id/sync`]: (request, id) => change(desk, id, (found) => sync(desk, found, request)),
    [`POST ${base}/:id/resync`]: (request, id) => change(desk, id, (found) => resync(desk, found, request)),
    [`POST ${base}/:id/connect-card`]: (request, id) =>
      change(desk, id, (found) => card(desk, found, request)),
    [`GET ${base}/:id/schemas`]: (_request, id) =>
      ledger.connection(id) === undefined
        ? notFound(noun, id)
        : refusal(404, 'NotFound_SchemaConfig', `${noun} with id '${id}' doesn't have schema config`),
  }
}

function change(
  { ledger, noun }: Desk,
  id: string,
  act: (connection: Connection) => SandboxResponse,
): SandboxResponse {
  const connection = ledger.connectionToChange(id)
  return connection === undefined ? notFound(noun, id) : act(connection)
}

function list(ledger: Ledger, request: SandboxRequest, groupId: string | null): SandboxResponse {
  const schema = request.query.get('schema')
  const wanted = ledger
    .connections()
    .filter(
      (found) => (groupId ?? found.group_id) === found.group_id && (schema ?? found.schema) === found.schema,
    )
  return listPage(wanted, request, (connection) => renderConnection(connection, request.now))
}

function create({ ledger, emit, noun }: Desk, { body, now }: SandboxRequest): SandboxResponse {
  const given = objectOf(body)
  const wanted = readNewConnection(ledger, given)
  if (typeof wanted === 'string') return invalidInput(wanted)
  const cardConfig = isObject(given.connect_card_config)
    ? readCardConfig(given.connect_card_config)
    : undefined
  if (typeof cardConfig === 'string') return invalidInput(cardConfig)
  if (!ledger.state().groups.some(({ id }) => id === wanted.groupId)) return notFound('Group', wanted.groupId)
  const { groupId, schema } = wanted
  const isTaken = ledger.connections().some((found) => found.group_id === groupId && found.schema === schema)
  if (isTaken)
    return refusal(409, 'Conflict', `${noun} with schema '${schema}' already exists in the destination`)
  const connection = createConnection(ledger, wanted, now)
  // True by default, says the documentation; nothing to test passes nothing.
  if (given.run_setup_tests === undefined || isTrue(given.run_setup_tests)) testSetup(connection, now)
  if (cardConfig !== undefined) mintCard(ledger, connection, { config: cardConfig, now })
  emit('create_connector', connection)
  return success(renderConnection(connection, now), `${noun} has been created`, 201)
}

function update(desk: Desk, connection: Connection, { body, now }: SandboxRequest): SandboxResponse {
  const given = objectOf(body)
  if (!isPersistent(given)) return invalidInput('At least one field to update is required')
  const wasPaused = connection.paused
  updateConnection(desk.ledger, connection, given)
  if (isTrue(given.run_setup_tests)) testSetup(connection, now)
  desk.emit('edit_connector', connection)
  if (wasPaused !== connection.paused) {
    desk.emit(connection.paused ? 'pause_connector' : 'resume_connector', connection)
  }
  return success(renderConnection(connection, now), `${desk.noun} has been updated`)
}

/** 200 even when tests fail; an empty object is a body, no body is none: …/connections/run-setup-tests */
function test(connection: Connection, { body, now }: SandboxRequest): SandboxResponse {
  if (!isObject(body)) return refusal(400, 'BadRequest', 'Request body is required')
  testSetup(connection, now)
  return success(renderConnection(connection, now), 'Setup tests have been completed')
}

function sync({ emit, noun }: Desk, connection: Connection, { now }: SandboxRequest): SandboxResponse {
  const { setupState } = connection
  if (setupState !== 'connected') {
    return invalidInput(
      `${noun}: 'status.setup_state' is expected to be 'connected' but it was '${setupState}'`,
    )
  }
  startSync(connection, now)
  emit('sync_start', connection)
  return done(`Sync has been successfully triggered for ${noun.toLowerCase()} with id '${connection.id}'`)
}

function resync(
  { emit, noun }: Desk,
  connection: Connection,
  { body, now }: SandboxRequest,
): SandboxResponse {
  const { scope } = objectOf(body)
  if (isObject(scope) && Object.keys(scope).length === 0)
    return invalidInput("Field 'scope' must not be empty")
  if (isSyncing(connection, now)) return refusal(409, 'Conflict', 'A sync is in progress')
  startSync(connection, now)
  connection.historical = true
  emit('resync_connector', connection)
  return done(`Re-sync has been triggered successfully for ${noun.toLowerCase()} with id '${connection.id}'`)
}

function card(
  { ledger, noun }: Desk,
  connection: Connection,
  { body, now }: SandboxRequest,
): SandboxResponse {
  const given = objectOf(body).connect_card_config
  if (!isObject(given)) return requiredField('connect_card_config')
  const config: CardRequest['config'] | string = readCardConfig(given)
  if (typeof config === 'string') return invalidInput(config)
  const { token, uri, config: shown } = mintCard(ledger, connection, { config, now })
  return success(
    { connector_id: connection.id, connect_card: { token, uri }, connect_card_config: shown },
    `${noun} Connect Card has been created`,
  )
}
