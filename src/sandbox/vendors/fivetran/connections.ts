import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import { isObject, objectOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import { type CardRequest, createCard, readCardConfig } from './card-page.ts'
import {
  createConnection,
  isPersistent,
  isTrue,
  readNewConnection,
  renderConnection,
  updateConnection,
} from './connection.ts'
import {
  errorResponse,
  invalidInput,
  listPage,
  notFound,
  requiredField,
  success,
  successWithoutData,
} from './responses.ts'
import { runSetupTests } from './setup.ts'
import type { Connection, FivetranState } from './state.ts'
import { type RouteContext, resync, sync } from './syncs.ts'
import type { Emit } from './webhooks.ts'

/** Routes under `/v1/connections`, and under the old `/v1/connectors` that the official Go client still uses. */
export function connectionRoutes(state: FivetranState, emit: Emit): Record<string, Route> {
  const current = routes({ state, emit, noun: 'Connection' })
  const legacy = { state, emit, noun: 'Connector' } as const
  return {
    ...current,
    ...routes(legacy),
    'POST /v1/connectors/:id/connect-card-token': (request, id) =>
      // No envelope, and no redirect: fivetran.com/docs/rest-api/connectors/connect-card
      withConnection(legacy, id, (connection) => ({
        status: 200,
        body: { token: createCard(state, connection, { now: request.now }).token, connector_id: id },
      })),
  }
}

function routes(context: RouteContext): Record<string, Route> {
  const { state, emit, noun } = context
  const base = `/v1/${noun.toLowerCase()}s`
  return {
    [`GET ${base}`]: (request) => list(state, request, request.query.get('group_id')),
    [`GET /v1/groups/:groupId/${noun.toLowerCase()}s`]: (request, groupId) => {
      const known = state.data().groups.some(({ id }) => id === groupId)
      return known ? list(state, request, groupId) : notFound('Group', groupId)
    },
    [`POST ${base}`]: (request) => create(context, request),
    [`GET ${base}/:id`]: ({ now }, id) => {
      const connection = state.connection(id)
      return connection === undefined ? notFound(noun, id) : success(renderConnection(connection, now))
    },
    [`PATCH ${base}/:id`]: (request, id) =>
      withConnection(context, id, (found) => update(context, found, request)),
    [`DELETE ${base}/:id`]: (_request, id) =>
      withConnection(context, id, (connection) => {
        state.remove(connection)
        emit('delete_connector', connection)
        return successWithoutData(`${noun} with id '${id}' has been deleted`)
      }),
    [`POST ${base}/:id/test`]: (request, id) => withConnection(context, id, (found) => test(found, request)),
    [`POST ${base}/:id/sync`]: (request, id) =>
      withConnection(context, id, (found) => sync(context, found, request)),
    // Undocumented; the official Go client still uses it to start a sync.
    [`POST ${base}/:id/force`]: (request, id) =>
      withConnection(context, id, (found) => sync(context, found, request)),
    [`POST ${base}/:id/resync`]: (request, id) =>
      withConnection(context, id, (found) => resync(context, found, request)),
    [`POST ${base}/:id/connect-card`]: (request, id) =>
      withConnection(context, id, (found) => card(context, found, request)),
    [`GET ${base}/:id/schemas`]: (_request, id) =>
      state.connection(id) === undefined
        ? notFound(noun, id)
        : errorResponse(404, 'NotFound_SchemaConfig', `${noun} with id '${id}' doesn't have schema config`),
  }
}

/** Runs `handle` with the connection, or returns the not-found response. */
function withConnection(
  { state, noun }: RouteContext,
  id: string,
  handle: (connection: Connection) => SandboxResponse,
): SandboxResponse {
  const connection = state.connectionToChange(id)
  return connection === undefined ? notFound(noun, id) : handle(connection)
}

function list(state: FivetranState, request: SandboxRequest, groupId: string | null): SandboxResponse {
  const schema = request.query.get('schema')
  const matching = state
    .connections()
    .filter(
      (found) => (groupId ?? found.group_id) === found.group_id && (schema ?? found.schema) === found.schema,
    )
  return listPage(matching, request, (connection) => renderConnection(connection, request.now))
}

function create({ state, emit, noun }: RouteContext, { body, now }: SandboxRequest): SandboxResponse {
  const fields = objectOf(body)
  const newConnection = readNewConnection(state, fields)
  if (typeof newConnection === 'string') return invalidInput(newConnection)
  const cardConfig = isObject(fields.connect_card_config)
    ? readCardConfig(fields.connect_card_config)
    : undefined
  if (typeof cardConfig === 'string') return invalidInput(cardConfig)
  if (!state.data().groups.some(({ id }) => id === newConnection.groupId))
    return notFound('Group', newConnection.groupId)
  const { groupId, schema } = newConnection
  const isSchemaTaken = state
    .connections()
    .some((found) => found.group_id === groupId && found.schema === schema)
  if (isSchemaTaken)
    return errorResponse(409, 'Conflict', `${noun} with schema '${schema}' already exists in the destination`)
  const connection = createConnection(state, newConnection, now)
  // Documented default: true. Without credentials the setup tests fail.
  if (fields.run_setup_tests === undefined || isTrue(fields.run_setup_tests)) runSetupTests(connection, now)
  if (cardConfig !== undefined) createCard(state, connection, { config: cardConfig, now })
  emit('create_connector', connection)
  return success(renderConnection(connection, now), `${noun} has been created`, 201)
}

function update(
  context: RouteContext,
  connection: Connection,
  { body, now }: SandboxRequest,
): SandboxResponse {
  const fields = objectOf(body)
  if (!isPersistent(fields)) return invalidInput('At least one field to update is required')
  const wasPaused = connection.paused
  updateConnection(context.state, connection, fields)
  if (isTrue(fields.run_setup_tests)) runSetupTests(connection, now)
  context.emit('edit_connector', connection)
  if (wasPaused !== connection.paused) {
    context.emit(connection.paused ? 'pause_connector' : 'resume_connector', connection)
  }
  return success(renderConnection(connection, now), `${context.noun} has been updated`)
}

/** Status 200 even when tests fail. A body is required; an empty object is accepted: …/connections/run-setup-tests */
function test(connection: Connection, { body, now }: SandboxRequest): SandboxResponse {
  if (!isObject(body)) return errorResponse(400, 'BadRequest', 'Request body is required')
  runSetupTests(connection, now)
  return success(renderConnection(connection, now), 'Setup tests have been completed')
}

function card(
  { state, noun }: RouteContext,
  connection: Connection,
  { body, now }: SandboxRequest,
): SandboxResponse {
  const fields = objectOf(body).connect_card_config
  if (!isObject(fields)) return requiredField('connect_card_config')
  const config: CardRequest['config'] | string = readCardConfig(fields)
  if (typeof config === 'string') return invalidInput(config)
  const { token, uri, config: cardConfig } = createCard(state, connection, { config, now })
  return success(
    { connector_id: connection.id, connect_card: { token, uri }, connect_card_config: cardConfig },
    `${noun} Connect Card has been created`,
  )
}
