import { randomBytes } from 'node:crypto'
import { inflate, momentInPastYear, padList, pick, syntheticConnector } from '../../synthetic-rows.ts'
import type { World } from '../../vendor.ts'
import { newConnectionId } from '../fivetran/ids.ts'
import { type CensusType, censusDestinations, censusSources } from './types.ts'

/** V1 has destinations and sources; V2 calls a destination an activation and has no source links. */
export type Kind = 'destination' | 'source' | 'activation'

/** A connection of any kind. */
export interface Connection {
  readonly kind: Kind
  /** A number as text in V1, words in V2. */
  readonly id: string
  readonly type: string
  readonly createdAt: string
  name: string
  testSucceeded: boolean | null
  testedAt: string | null
}

export interface ConnectLink {
  readonly kind: Kind
  readonly id: number
  readonly type: string
  /** The secret in the page's address. */
  readonly auth: string
  readonly expiration: string
  readonly redirectUri: string | null
  /** Set from the start on links that reauthorise. */
  connectionId: string | null
  readonly reauthorises: boolean
  revoked: boolean
  used: boolean
}

export interface CensusState {
  /** The last number given out, by sequence: a source and a destination may well share an id. */
  readonly sequences: Record<string, number>
  readonly links: ConnectLink[]
  readonly connections: Connection[]
  /** Inflated connections that were deleted. */
  readonly gone: string[]
}

/** Everything that one workspace (V1) and one group (V2) know. */
export interface Ledger {
  readonly world: World
  state(): CensusState
  /** The catalogue that belongs to a kind. */
  types(kind: Kind): readonly CensusType[]
  type(kind: Kind, serviceName: string): CensusType | undefined
  /** In the order of their making. */
  connections(kind: Kind): readonly Connection[]
  connection(kind: Kind, id: string): Connection | undefined
  /** The connection to change: an inflated one becomes a kept one. */
  connectionToChange(kind: Kind, id: string): Connection | undefined
  addConnection(kind: Kind, type: string, now: Date): Connection
  /** Takes away one that `connectionToChange` gave. */
  removeConnection(connection: Connection): void
  addLink(link: NewLink, now: Date): ConnectLink
}

export interface NewLink {
  readonly kind: Kind
  readonly type: string
  readonly redirectUri: string | null
  /** What is to be reauthorised. */
  readonly connectionId?: string
}

// The default; only an organisation-wide setting can lengthen it: …/destination-connect-links
const linkLifetimeMs = 24 * 60 * 60 * 1000
// Inflated ids start far away from those that are given out.
const inflatedIdBase = 10_000_000

export function createLedger(world: World): Ledger {
  const state = world.slice('census', freshState)
  const destinations = padList(censusDestinations, world.connectors, syntheticType)
  const outside = new Map<Kind, readonly Connection[]>()
  const types = (kind: Kind) => (kind === 'source' ? censusSources : destinations)

  function connections(kind: Kind): readonly Connection[] {
    let inflated = outside.get(kind)
    if (inflated === undefined) {
      const bornAt = world.bornAt()
      inflated = inflate(world.connections, (index) => inflatedConnection(kind, index, bornAt))
      outside.set(kind, inflated)
    }
    const { gone } = state()
    const present =
      gone.length === 0 ? inflated : inflated.filter(({ id }) => !gone.includes(`${kind} ${id}`))
    return [...present, ...state().connections.filter((one) => one.kind === kind)]
  }

  const connection = (kind: Kind, id: string) => connections(kind).find((one) => one.id === id)
  return {
    world,
    state,
    types,
    type: (kind, serviceName) => types(kind).find((one) => one.serviceName === serviceName),
    connections,
    connection,
    connectionToChange(kind, id) {
      const found = connection(kind, id)
      if (found === undefined || state().connections.includes(found)) return found
      const kept = { ...found }
      state().gone.push(`${kind} ${id}`)
      state().connections.push(kept)
      return kept
    },
    addConnection(kind, type, now) {
      const isTaken = (id: string) => connection(kind, id) !== undefined
      const id = kind === 'activation' ? newConnectionId(isTaken) : String(next(state(), kind))
      const label = types(kind).find(({ serviceName }) => serviceName === type)?.label ?? type
      const added = newConnection({ kind, id, type, label }, now)
      state().connections.push(added)
      return added
    },
    removeConnection(connection) {
      const { connections } = state()
      const at = connections.indexOf(connection)
      if (at !== -1) connections.splice(at, 1)
    },
    addLink(wanted, now) {
      const link = newLink(next(state(), `${wanted.kind} link`), wanted, now)
      state().links.push(link)
      return link
    },
  }
}

function freshState(): CensusState {
  return { sequences: {}, links: [], connections: [], gone: [] }
}

interface NewConnection {
  readonly kind: Kind
  readonly id: string
  readonly type: string
  readonly label: string
}

function newConnection({ kind, id, type, label }: NewConnection, now: Date): Connection {
  const name = kind === 'source' ? `${label} - sandbox` : label
  const moment = now.toISOString()
  return { kind, id, type, createdAt: moment, name, testSucceeded: true, testedAt: moment }
}

function newLink(id: number, { kind, type, redirectUri, connectionId }: NewLink, now: Date): ConnectLink {
  return {
    kind,
    id,
    type,
    auth: randomBytes(24).toString('base64url'),
    expiration: new Date(now.getTime() + linkLifetimeMs).toISOString(),
    redirectUri,
    connectionId: connectionId ?? null,
    reauthorises: connectionId !== undefined,
    revoked: false,
    used: false,
  }
}

function next({ sequences }: CensusState, sequence: string): number {
  const number = (sequences[sequence] ?? 100) + 1
  sequences[sequence] = number
  return number
}

function syntheticType(index: number): CensusType {
  const { key, name } = syntheticConnector(index)
  return {
    serviceName: key,
    label: name,
    documentationSlug: key.replaceAll('_', '-'),
    authMethod: 'credentials',
    creatableViaConnectLink: true,
    advancedSync: false,
  }
}

function inflatedConnection(kind: Kind, index: number, bornAt: Date): Connection {
  const catalogue = kind === 'source' ? censusSources : censusDestinations
  const createdAt = momentInPastYear(bornAt, index).toISOString()
  const testSucceeded = pick([true, true, true, false, null], index)
  return {
    kind,
    id: kind === 'activation' ? `sandbox_outside_${index}` : String(inflatedIdBase + index),
    type: catalogue[(index * 7) % catalogue.length]?.serviceName ?? 'hubspot',
    createdAt,
    name: `Outside ${index}`,
    testSucceeded,
    testedAt: testSucceeded === null ? null : createdAt,
  }
}
