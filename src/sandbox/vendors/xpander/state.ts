import { randomUUID } from 'node:crypto'
import { dateInPastYear, generateRows, padToCount, pick, syntheticConnector } from '../../synthetic-rows.ts'
import type { SandboxContext } from '../../vendor.ts'
import { stableUuid, type XpanderConnector, xpanderConnectors } from './connector-list.ts'

/** The users of the sandbox's organization; the first one owns the API key. */
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

/** A connection requested through the API that requires consent on the connector's page. */
export type Intent = Omit<Connection, 'connectorId' | 'owner' | 'createdAt'>

/** The slice of the saved state. */
interface XpanderData {
  connections: Connection[]
  /** The latest intent by connector ID. UNKNOWN whether xpander's page proposes its name: no source shows the page. */
  intents: Record<string, Intent>
}

export type XpanderState = ReturnType<typeof createXpanderState>

/** The connectors and connections of the fake xpander. */
export function createXpanderState(context: SandboxContext) {
  const connectors = padToCount(xpanderConnectors, context.minConnectors, syntheticXpanderConnector)
  const byId = new Map(connectors.map((connector) => [connector.id, connector]))
  const data = context.slice<XpanderData>('xpander', () => ({ connections: [], intents: {} }))
  const generatedConnections = createGeneratedConnections(context, connectors)

  /** The connections visible to the owner of the API key: organizational ones and the owner's personal ones. */
  function visibleConnections(connectorId: string): readonly Connection[] {
    const stored = data().connections.filter(
      (one) =>
        one.connectorId === connectorId && (one.accessScope === 'organizational' || one.owner === keyOwner),
    )
    return [...generatedConnections(connectorId), ...stored]
  }

  function addConnection(connector: XpanderConnector, intent: Intent, owner: string = keyOwner): Connection {
    const createdAt = context.now().toISOString()
    const connection = { ...intent, connectorId: connector.id, owner, createdAt }
    data().connections.push(connection)
    return connection
  }

  return {
    context,
    connectors,
    connector: (id: string) => byId.get(id),
    visibleConnections,
    addConnection,
    intent: (connectorId: string) => data().intents[connectorId],
    /** The page does not know which of several pending intents it is opened for: it then proposes no one's name. */
    setIntent({ id, name }: XpanderConnector, intent: Intent): void {
      data().intents[id] = data().intents[id] === undefined ? intent : { ...intent, name }
    },
    dropIntent(connectorId: string): void {
      delete data().intents[connectorId]
    },
  }
}

/** A new intent with defaults for `fields` that are not given. */
export function newIntent(connector: XpanderConnector, fields: Partial<Omit<Intent, 'id'>>): Intent {
  return {
    id: randomUUID(),
    name: connector.name,
    accessScope: 'personal',
    isServiceAccount: false,
    version: latestVersion(connector),
    ...fields,
  }
}

export function latestVersion(connector: XpanderConnector): string {
  return String(1 + (connector.operations % 6))
}

export function specId(connector: XpanderConnector): string {
  return stableUuid(`xpander specification ${connector.id}`)
}

function syntheticXpanderConnector(index: number): XpanderConnector {
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

/** Connections that were created on the platform itself: generated, not stored. */
function createGeneratedConnections(context: SandboxContext, connectors: readonly XpanderConnector[]) {
  const indexesByConnector = new Map<string, number[]>()
  for (const index of generateRows(context.generatedConnections, (at) => at)) {
    const id = connectors[index % connectors.length]?.id ?? ''
    const indexes = indexesByConnector.get(id) ?? []
    indexes.push(index)
    indexesByConnector.set(id, indexes)
  }
  return (connectorId: string): readonly Connection[] =>
    (indexesByConnector.get(connectorId) ?? []).map((index) => ({
      id: stableUuid(`xpander connection ${index}`),
      connectorId,
      name: `Team account ${index}`,
      accessScope: pick(['organizational', 'organizational', 'personal'], index),
      isServiceAccount: index % 5 === 0,
      owner: index % 3 === 2 ? keyOwner : colleague, // personal ones of other users are not listed
      version: '1',
      createdAt: dateInPastYear(context.stateCreatedAt(), index).toISOString(),
    }))
}
