import type { Json, JsonObject } from '../../json.ts'
import { isObject, objectOf, textOf } from '../../json.ts'
import type { FivetranFamily } from './services.ts'
import { isSyncing } from './setup.ts'
import type { Connection, Ledger } from './state.ts'

/** The fields that are kept, shown and otherwise without effect here. */
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

/** The fields of `config` that name the connection in its destination, for good. */
export function namingFields(family: FivetranFamily): readonly string[] {
  return families[family]
}

/** What a new connection is made from, read and found complete. */
export interface NewConnection {
  readonly groupId: string
  readonly service: string
  readonly schema: string
  readonly given: JsonObject
}

/** Reads a creation in the order in which the vendor complains; a text says what is wrong. */
export function readNewConnection(ledger: Ledger, given: JsonObject): NewConnection | string {
  const groupId = textOf(given.group_id)
  if (groupId === undefined) return "Field 'group_id' is required"
  const key = textOf(given.service)
  if (key === undefined) return "Field 'service' is required"
  const service = ledger.service(key)
  if (service === undefined) return `Unsupported service '${key}'`
  const config = objectOf(given.config)
  const names = namingFields(service.family)
  const missing = names.find((name) => textOf(config[name]) === undefined)
  if (missing !== undefined) return `Field '${missing}' is required`
  return { groupId, service: key, schema: names.map((name) => config[name]).join('.'), given }
}

/** Keeps a new connection; credentials are noticed and forgotten. */
export function createConnection(ledger: Ledger, wanted: NewConnection, now: Date): Connection {
  const config = objectOf(wanted.given.config)
  const connection: Connection = {
    id: ledger.newId(),
    group_id: wanted.groupId,
    service: wanted.service,
    schema: wanted.schema,
    created_at: now.toISOString(),
    paused: isTrue(wanted.given.paused),
    setupState: 'incomplete',
    setupTests: [],
    hasCredentials: hasCredentials(ledger, wanted.service, wanted.given),
    config: maskSecrets(config),
    settings: settingsOf(wanted.given),
    succeededAt: null,
    syncStartedAt: null,
    historical: true,
    cards: [],
  }
  ledger.state().connections.push(connection)
  return connection
}

/** Changes what may be changed: the naming fields stay as they are. */
export function updateConnection(ledger: Ledger, connection: Connection, given: JsonObject): void {
  const { service } = connection
  const names = namingFields(ledger.service(service)?.family ?? 'schema')
  const naming = Object.fromEntries(names.map((name) => [name, connection.config[name]]))
  if (isObject(given.config)) connection.config = { ...maskSecrets(given.config), ...naming }
  if (hasCredentials(ledger, service, given)) connection.hasCredentials = true
  if (given.paused !== undefined) connection.paused = isTrue(given.paused)
  connection.settings = { ...connection.settings, ...settingsOf(given) }
}

/** Whether a PATCH holds anything that stays: run_setup_tests and the trust flags alone are refused. */
export function isPersistent(given: JsonObject): boolean {
  const names = ['config', 'auth', 'paused', 'schema_status', 'is_historical_sync', ...settingNames]
  return names.some((name) => given[name] !== undefined)
}

/** A connection as the API shows it; `message`-less on reads. */
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

/** Booleans may come as texts: published samples, Fivetran's own among them, send "true". */
export function isTrue(value: Json | undefined): boolean {
  return value === true || value === 'true'
}

function settingsOf(given: JsonObject): JsonObject {
  return Object.fromEntries(
    settingNames.filter((name) => given[name] !== undefined).map((name) => [name, given[name]]),
  )
}

function hasCredentials(ledger: Ledger, service: string, given: JsonObject): boolean {
  const names = namingFields(ledger.service(service)?.family ?? 'schema')
  const configured = Object.keys(objectOf(given.config)).some((name) => !names.includes(name))
  return configured || Object.keys(objectOf(given.auth)).length > 0
}

function maskSecrets(config: JsonObject): JsonObject {
  const secret = /secret|password|passphrase|token|api_?key|private_?key|access_?key|credential/i
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, secret.test(name) ? '******' : (value ?? null)]),
  )
}
