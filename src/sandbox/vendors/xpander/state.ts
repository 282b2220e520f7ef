import { randomUUID } from 'node:crypto'
import { inflate, momentInPastYear, padList, pick, syntheticConnector } from '../../synthetic-rows.ts'
import type { World } from '../../vendor.ts'
import { stableUuid, type XpanderConnector, xpanderConnectors } from './connector-list.ts'

/** Who can be signed in to the sandbox's organisation; the API key belongs to the first. */
export const users = ['owner@sandbox.example', 'colleague@sandbox.example'] as const
const [keyOwner, colleague] = users

export const accessScopes = ['personal', 'organizational'] as const
export type AccessScope = (typeof accessScopes)[number]

export interface Connection {
  readonly id: string
  readonly connectorId: string
  readonly name: string
  readonly accessScope: AccessScope
  readonly isServiceAccount: boolean
  readonly owner: string
  readonly version: string
  readonly createdAt: string
}

/** What a caller asked for that waits for a person's consent on the connector's page. */
export type Intent = Omit<Connection, 'connectorId' | 'owner' | 'createdAt'>

interface XpanderState {
  connections: Connection[]
  /** The latest intent by connector: the page is one for all of them, it holds no token. */
  intents: Record<string, Intent>
}

export type XpanderStore = ReturnType<typeof createXpanderStore>

/** Everything the fake xpander knows: its connectors and their connections. */
export function createXpanderStore(world: World) {
  const connectors = padList(xpanderConnectors, world.connectors, syntheticXpander)
  const byId = new Map(connectors.map((connector) => [connector.id, connector]))
  const state = world.slice<XpanderState>('xpander', () => ({ connections: [], intents: {} }))
  const inflated = createInflated(world, connectors)

  /** What the owner of the API key sees: the organisation's connections, and of the personal ones his own. */
  function visibleConnections(connectorId: string): readonly Connection[] {
    const made = state().connections.filter(
      (one) =>
        one.connectorId === connectorId && (one.accessScope === 'organizational' || one.owner === keyOwner),
    )
    return [...inflated(connectorId), ...made]
  }

  function addConnection(connector: XpanderConnector, wish: Intent, owner: string = keyOwner): Connection {
    const createdAt = world.now().toISOString()
    const connection = { ...wish, connectorId: connector.id, owner, createdAt }
    state().connections.push(connection)
    return connection
  }

  return {
    world,
    connectors,
    connector: (id: string) => byId.get(id),
    visibleConnections,
    addConnection,
    intent: (connectorId: string) => state().intents[connectorId],
    setIntent(connectorId: string, intent: Intent): void {
      state().intents[connectorId] = intent
    },
    dropIntent(connectorId: string): void {
      delete state().intents[connectorId]
    },
  }
}

/** A connection that is about to be made. */
export function newIntent(connector: XpanderConnector, wish: Partial<Omit<Intent, 'id'>>): Intent {
  return {
    id: randomUUID(),
    name: connector.name,
    accessScope: 'personal',
    isServiceAccount: false,
    version: latestVersion(connector),
    ...wish,
  }
}

export function latestVersion(connector: XpanderConnector): string {
  return String(1 + (connector.operations % 6))
}

export function specId(connector: XpanderConnector): string {
  return stableUuid(`xpander specification ${connector.id}`)
}

function syntheticXpander(index: number): XpanderConnector {
  const { key, name } = syntheticConnector(index)
  return {
    id: stableUuid(`xpander connector ${key}`),
    name,
    description: 'A connector for load tests',
    scheme: pick(['oauth2', 'apiKey', 'none'], index),
    operations: 1 + (index % 40),
    status: 'ready',
  }
}

/** Connections that were made on the platform itself: counted, not stored. */
function createInflated(world: World, connectors: readonly XpanderConnector[]) {
  const rows = new Map<string, number[]>()
  for (const index of inflate(world.connections, (at) => at)) {
    const id = connectors[index % connectors.length]?.id ?? ''
    const indexes = rows.get(id) ?? []
    indexes.push(index)
    rows.set(id, indexes)
  }
  return (connectorId: string): readonly Connection[] =>
    (rows.get(connectorId) ?? []).map((index) => ({
      id: stableUuid(`xpander connection ${index}`),
      connectorId,
      name: `Team account ${index}`,
      accessScope: pick(['organizational', 'organizational', 'personal'], index),
      isServiceAccount: index % 5 === 0,
      owner: index % 3 === 2 ? keyOwner : colleague, // personal ones of others would not be listed
      version: '1',
      createdAt: momentInPastYear(world.bornAt(), index).toISOString(),
    }))
}
