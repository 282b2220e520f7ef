import type { Json, JsonObject } from '../../json.ts'
import { isObject, objectOf, textOf } from '../../json.ts'
import type { FivetranFamily } from './services.ts'
import { isSyncing } from './setup.ts'
import type { Connection, FivetranState } from './state.ts'

/** Fields that the sandbox stores and returns; they have no other effect. */
const settingNames = [
  'sync_frequency',
  'daily_sync_time',
  'schedule_type',
  'pause_after_trial',
  'data_delay_sensitivity',
  'data_delay_threshold',
  'networking_method',
  'proxy_agent_id',
  'private_link_id',
  'hybrid_deployment_agent_id',
  'destination_schema_names',
  'destination_configuration',
]

const defaultSettings: JsonObject = {
  sync_frequency: 360,
  schedule_type: 'auto',
  pause_after_trial: false,
  data_delay_sensitivity: 'NORMAL',
  data_delay_threshold: 0,
  networking_method: 'Directly',
}

const families: Readonly<Record<FivetranFamily, readonly string[]>> = {
  schema: ['schema'],
  schema_table: ['schema', 'table'],
  schema_prefix: ['schema_prefix'],
  schema_table_group: ['schema', 'table_group_name'],
}

/** The fields of `config` that name the connection in its destination; they cannot be changed later. */
export function namingFields(family: FivetranFamily): readonly string[] {
  return families[family]
}

/** A validated request to create a connection. */
export interface NewConnection {
  readonly groupId: string
  readonly service: string
  readonly schema: string
  /** The request body. */
  readonly fields: JsonObject
}

/**
 * Validates a request to create a connection, in the order in which Fivetran reports errors. Returns an error message
 * (a string) when it is invalid.
 */
export function readNewConnection(state: FivetranState, fields: JsonObject): NewConnection | string {
  const groupId = textOf(fields.group_id)
  if (groupId === undefined) return "Field 'group_id' is required"
  const key = textOf(fields.service)
  if (key === undefined) return "Field 'service' is required"
  const service = state.service(key)
  if (service === undefined) return `Unsupported service '${key}'`
  const config = objectOf(fields.config)
  const names = namingFields(service.family)
  const missing = names.find((name) => textOf(config[name]) === undefined)
  if (missing !== undefined) return `Field '${missing}' is required`
  return { groupId, service: key, schema: names.map((name) => config[name]).join('.'), fields }
}

/** Stores a new connection. Credentials are not stored, only whether there were any. */
export function createConnection(state: FivetranState, request: NewConnection, now: Date): Connection {
  const config = objectOf(request.fields.config)
  const connection: Connection = {
    id: state.newId(),
    group_id: request.groupId,
    service: request.service,
    schema: request.schema,
    created_at: now.toISOString(),
    paused: isTrue(request.fields.paused),
    setupState: 'incomplete',
    setupTests: [],
    hasCredentials: hasCredentials(state, request.service, request.fields),
    config: maskSecrets(config),
    settings: settingsOf(request.fields),
    succeededAt: null,
    syncStartedAt: null,
    historical: true,
    cards: [],
  }
  state.data().connections.push(connection)
  return connection
}

/** Updates a connection; the naming fields keep their values. */
export function updateConnection(state: FivetranState, connection: Connection, fields: JsonObject): void {
  const { service } = connection
  const names = namingFields(state.service(service)?.family ?? 'schema')
  const unchanged = Object.fromEntries(names.map((name) => [name, connection.config[name]]))
  if (isObject(fields.config)) connection.config = { ...maskSecrets(fields.config), ...unchanged }
  if (hasCredentials(state, service, fields)) connection.hasCredentials = true
  if (fields.paused !== undefined) connection.paused = isTrue(fields.paused)
  connection.settings = { ...connection.settings, ...settingsOf(fields) }
}

/** Whether a PATCH has a field that is stored. Fivetran rejects one with only run_setup_tests or the trust flags. */
export function isPersistent(fields: JsonObject): boolean {
  const names = ['config', 'auth', 'paused', 'schema_status', 'is_historical_sync', ...settingNames]
  return names.some((name) => fields[name] !== undefined)
}

/** A connection as the API returns it. Reads have no `message`. */
export function renderConnection(connection: Connection, now: Date): object {
  const syncing = isSyncing(connection, now)
  const card = connection.cards.at(-1)
  return {
    id: connection.id,
    group_id: connection.group_id,
    service: connection.service,
    service_version: 1,
    schema: connection.schema,
    connected_by: 'sandbox_user',
    created_at: connection.created_at,
    succeeded_at: connection.succeededAt,
    failed_at: null,
    paused: connection.paused,
    ...defaultSettings,
    ...connection.settings,
    status: {
      setup_state: connection.setupState,
      schema_status: 'ready',
      sync_state: connection.paused ? 'paused' : syncing ? 'syncing' : 'scheduled',
      update_state: 'on_schedule',
      is_historical_sync: connection.historical,
      tasks: connection.setupState === 'broken' ? [{ code: 'reconnect', message: 'Reconnect' }] : [],
      warnings: [],
    },
    ...(connection.setupTests.length === 0 ? {} : { setup_tests: connection.setupTests }),
    config: connection.config,
    ...(card === undefined ? {} : { connect_card: { token: card.token, uri: card.uri } }),
    ...(card?.config == null ? {} : { connect_card_config: card.config }),
  }
}

/** Booleans may be strings: published samples, including Fivetran's own, send "true". */
export function isTrue(value: Json | undefined): boolean {
  return value === true || value === 'true'
}

function settingsOf(fields: JsonObject): JsonObject {
  return Object.fromEntries(
    settingNames.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]]),
  )
}

/** Whether there is an `auth` field, or a `config` field that is not a naming field. */
function hasCredentials(state: FivetranState, service: string, fields: JsonObject): boolean {
  const names = namingFields(state.service(service)?.family ?? 'schema')
  const hasOtherConfig = Object.keys(objectOf(fields.config)).some((name) => !names.includes(name))
  return hasOtherConfig || Object.keys(objectOf(fields.auth)).length > 0
}

function maskSecrets(config: JsonObject): JsonObject {
  const secret = /secret|password|passphrase|token|api_?key|private_?key|access_?key|credential/i
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, secret.test(name) ? '******' : (value ?? null)]),
  )
}
