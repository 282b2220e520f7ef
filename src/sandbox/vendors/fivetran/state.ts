import type { JsonObject } from '../../json.ts'
import { inflate, momentInPastYear, padList, pick, syntheticConnector } from '../../synthetic-rows.ts'
import type { World } from '../../vendor.ts'
import { newConnectionId } from './ids.ts'
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

/** A Connect Card that was minted for a connection. */
export interface ConnectCard {
  readonly token: string
  readonly uri: string
  /** Null for the old bare tokens: their holder writes the address into the page's URL. */
  readonly redirectUri: string | null
  readonly config: JsonObject | null
  readonly issuedAt: string
  used: boolean
}

/** A connection as it is kept; `config` holds no secrets any more. */
export interface Connection {
  readonly id: string
  readonly group_id: string
  readonly service: string
  readonly schema: string
  readonly created_at: string
  paused: boolean
  setupState: 'incomplete' | 'connected' | 'broken'
  setupTests: readonly SetupTest[]
  /** Whether something that looks like credentials was ever given. */
  hasCredentials: boolean
  config: JsonObject
  /** The fields that are only kept and shown: sync_frequency, schedule_type … */
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

export interface FivetranState {
  readonly groups: Group[]
  readonly connections: Connection[]
  /** Inflated connections that were deleted or copied into `connections` since. */
  readonly gone: string[]
  readonly webhooks: Webhook[]
}

/** Everything one Fivetran account knows. */
export interface Ledger {
  readonly world: World
  readonly services: readonly FivetranService[]
  service(key: string): FivetranService | undefined
  state(): FivetranState
  connections(): readonly Connection[]
  /** The connection to look at. */
  connection(id: string): Connection | undefined
  /** The connection to change: an inflated one becomes a kept one. */
  connectionToChange(id: string): Connection | undefined
  /** Takes away one that `connectionToChange` gave. */
  remove(connection: Connection): void
  /** A new `word_word` id. */
  newId(): string
}

export function createLedger(world: World): Ledger {
  const services = padList(fivetranServices, world.connectors, (index) => {
    const synthetic: FivetranService = {
      ...syntheticConnector(index),
      type: 'API',
      family: 'schema',
      oauth: false,
    }
    return synthetic
  })
  const byKey = new Map(services.map((service) => [service.key, service]))
  let inflated: readonly Connection[] | undefined
  const state = world.slice('fivetran', () => freshState(world.now()))
  const outside = () => {
    inflated ??= inflate(world.connections, (index) => inflatedConnection(world.bornAt(), index))
    const { gone } = state()
    return gone.length === 0 ? inflated : inflated.filter(({ id }) => !gone.includes(id))
  }
  const find = (id: string) => [...state().connections, ...outside()].find((one) => one.id === id)
  return {
    world,
    services,
    service: (key) => byKey.get(key),
    state,
    connections: () => [...outside(), ...state().connections],
    connection: find,
    connectionToChange(id) {
      const found = find(id)
      if (found === undefined || state().connections.includes(found)) return found
      const kept = structuredClone(found)
      state().gone.push(id)
      state().connections.push(kept)
      return kept
    },
    remove(connection) {
      const { connections } = state()
      const at = connections.indexOf(connection)
      if (at !== -1) connections.splice(at, 1)
    },
    newId() {
      const { connections, groups, webhooks } = state()
      return newConnectionId((id) => [...connections, ...groups, ...webhooks].some((one) => one.id === id))
    },
  }
}

function freshState(now: Date): FivetranState {
  const group: Group = { id: 'sandbox_group', name: 'Sandbox', created_at: now.toISOString() }
  return { groups: [group], connections: [], gone: [], webhooks: [] }
}

function inflatedConnection(bornAt: Date, index: number): Connection {
  const service = fivetranServices[(index * 7) % fivetranServices.length]?.key ?? 'google_ads'
  const created_at = momentInPastYear(bornAt, index).toISOString()
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
