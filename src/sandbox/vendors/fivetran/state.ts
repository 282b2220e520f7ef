import type { JsonObject } from '../../json.ts'
import {
  createGeneratedConnections,
  dateInPastYear,
  padToCount,
  pick,
  syntheticConnector,
} from '../../synthetic-rows.ts'
import type { SandboxContext } from '../../vendor.ts'
import { newWordId } from './ids.ts'
import { type FivetranService, fivetranServices } from './services.ts'

export interface Group {
  readonly id: string
  name: string
  readonly created_at: string
}

export interface SetupTest {
  readonly title: string
  readonly status: 'PASSED' | 'FAILED'
  readonly message: string
}

/** A Connect Card of a connection. */
export interface ConnectCard {
  readonly token: string
  readonly uri: string
  /** Null for tokens of the old `connect-card-token` endpoint: their caller adds `redirect_uri` to the page's URL. */
  readonly redirectUri: string | null
  readonly config: JsonObject | null
  readonly issuedAt: string
  used: boolean
}

/** A stored connection; secrets in `config` are masked. */
export interface Connection {
  readonly id: string
  readonly group_id: string
  readonly service: string
  readonly schema: string
  readonly created_at: string
  paused: boolean
  setupState: 'incomplete' | 'connected' | 'broken'
  setupTests: readonly SetupTest[]
  /** Whether credentials were ever sent (see `hasCredentials` in connection.ts) or the setup tests passed. */
  hasCredentials: boolean
  config: JsonObject
  /** Fields that are only stored and returned: sync_frequency, schedule_type … */
  settings: JsonObject
  succeededAt: string | null
  syncStartedAt: string | null
  historical: boolean
  readonly cards: ConnectCard[]
}

export interface Webhook {
  readonly id: string
  readonly type: 'account' | 'group'
  readonly group_id?: string
  url: string
  events: readonly string[]
  active: boolean
  secret: string
  readonly created_at: string
}

/** The slice of the saved state. */
export interface FivetranData {
  readonly groups: Group[]
  readonly connections: Connection[]
  /** IDs of generated connections that were deleted, or copied into `connections` to be changed. */
  readonly gone: string[]
  readonly webhooks: Webhook[]
}

/** The catalogue and the data of one Fivetran account. */
export interface FivetranState {
  readonly context: SandboxContext
  readonly services: readonly FivetranService[]
  service(key: string): FivetranService | undefined
  data(): FivetranData
  connections(): readonly Connection[]
  /** For reads only; see `connectionToChange`. */
  connection(id: string): Connection | undefined
  /** The connection to mutate. A generated one is stored first. */
  connectionToChange(id: string): Connection | undefined
  /** Removes a connection that `connectionToChange` returned. */
  remove(connection: Connection): void
  /** A new ID, `word_word`, which is never used again. */
  newId(): string
}

export function createFivetranState(context: SandboxContext): FivetranState {
  const services = padToCount(fivetranServices, context.minConnectors, (index) => {
    const synthetic: FivetranService = {
      ...syntheticConnector(index),
      type: 'API',
      family: 'schema',
      oauth: false,
    }
    return synthetic
  })
  const byKey = new Map(services.map((service) => [service.key, service]))
  const data = context.slice('fivetran', () => initialData(context))
  const allGenerated = createGeneratedConnections(context, (index, createdAt) => ({
    ...generateConnection(index, createdAt),
    group_id: `sandbox_group${context.suffix}`,
  }))
  const generated = () => {
    const { gone } = data()
    return gone.length === 0 ? allGenerated() : allGenerated().filter(({ id }) => !gone.includes(id))
  }
  const find = (id: string) => [...data().connections, ...generated()].find((one) => one.id === id)
  return {
    context,
    services,
    service: (key) => byKey.get(key),
    data,
    connections: () => [...generated(), ...data().connections],
    connection: find,
    connectionToChange(id) {
      const found = find(id)
      if (found === undefined || data().connections.includes(found)) return found
      const stored = structuredClone(found)
      data().gone.push(id)
      data().connections.push(stored)
      return stored
    },
    remove(connection) {
      const { connections } = data()
      const at = connections.indexOf(connection)
      if (at !== -1) connections.splice(at, 1)
    },
    newId: newWordId,
  }
}

function initialData({ now, suffix }: SandboxContext): FivetranData {
  const group: Group = { id: `sandbox_group${suffix}`, name: 'Sandbox', created_at: now().toISOString() }
  return { groups: [group], connections: [], gone: [], webhooks: [] }
}

function generateConnection(index: number, stateCreatedAt: Date): Connection {
  const service = fivetranServices[(index * 7) % fivetranServices.length]?.key ?? 'google_ads'
  const created_at = dateInPastYear(stateCreatedAt, index).toISOString()
  const setupState = pick(['connected', 'connected', 'connected', 'broken', 'incomplete'] as const, index)
  const schema = `outside_${String(index).padStart(5, '0')}`
  return {
    id: `sandbox_${schema}`,
    group_id: 'sandbox_group',
    service,
    schema,
    created_at,
    paused: index % 7 === 0,
    setupState,
    setupTests: [],
    hasCredentials: setupState !== 'incomplete',
    config: { schema },
    settings: {},
    succeededAt: setupState === 'incomplete' ? null : created_at,
    syncStartedAt: null,
    historical: setupState === 'incomplete',
    cards: [],
  }
}
