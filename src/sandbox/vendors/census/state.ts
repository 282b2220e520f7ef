import { randomBytes } from 'node:crypto'
import { createGeneratedConnections, padToCount } from '../../synthetic-rows.ts'
import type { SandboxContext } from '../../vendor.ts'
import { newWordId } from '../fivetran/ids.ts'
import { generateConnection, syntheticType } from './generated.ts'
import { type CensusType, type Connection, censusDestinations, censusSources, type Kind } from './types.ts'

export interface ConnectLink {
  readonly kind: Kind
  readonly id: number
  readonly type: string
  /** The secret token in the page's URL. */
  readonly auth: string
  readonly expiration: string
  readonly redirectUri: string | null
  /** Set from creation on links that reauthorise; else set when the end user approves. */
  connectionId: string | null
  readonly reauthorises: boolean
  revoked: boolean
  used: boolean
}

/** The slice of the saved state. */
export interface CensusData {
  /** The last number used, by sequence. A source and a destination can have the same ID. */
  readonly sequences: Record<string, number>
  readonly links: ConnectLink[]
  readonly connections: Connection[]
  /** Generated connections (`kind id`) that were deleted, or copied into `connections` to be changed. */
  readonly gone: string[]
}

/** The catalogue and the data of one workspace (V1) and one group (V2). */
export interface CensusState {
  readonly context: SandboxContext
  data(): CensusData
  /** The catalogue of a kind. */
  types(kind: Kind): readonly CensusType[]
  type(kind: Kind, serviceName: string): CensusType | undefined
  /** Generated ones first, then stored ones in order of creation. */
  connections(kind: Kind): readonly Connection[]
  connection(kind: Kind, id: string): Connection | undefined
  /** The connection to mutate. A generated one is stored first. */
  connectionToChange(kind: Kind, id: string): Connection | undefined
  addConnection(kind: Kind, type: string, now: Date): Connection
  /** Removes a connection that `connectionToChange` returned. */
  removeConnection(connection: Connection): void
  addLink(link: NewLink, now: Date): ConnectLink
}

export interface NewLink {
  readonly kind: Kind
  readonly type: string
  readonly redirectUri: string | null
  /** The connection to reauthorise. */
  readonly connectionId?: string
}

// The default of Census; only an organization-wide setting can extend it: …/destination-connect-links
const linkLifetimeMs = 24 * 60 * 60 * 1000

export function createCensusState(context: SandboxContext): CensusState {
  const data = context.slice('census', initialData)
  skipNumbers(data())
  context.scheduleSave()
  const destinations = padToCount(censusDestinations, context.minConnectors, syntheticType)
  const generatedOf = (kind: Kind) =>
    createGeneratedConnections(context, (index, createdAt) => generateConnection(kind, index, createdAt))
  const generated: Readonly<Record<Kind, () => readonly Connection[]>> = {
    destination: generatedOf('destination'),
    source: generatedOf('source'),
    activation: generatedOf('activation'),
  }
  const types = (kind: Kind) => (kind === 'source' ? censusSources : destinations)

  function connections(kind: Kind): readonly Connection[] {
    const { gone } = data()
    const all = generated[kind]()
    const present = gone.length === 0 ? all : all.filter(({ id }) => !gone.includes(`${kind} ${id}`))
    return [...present, ...data().connections.filter((one) => one.kind === kind)]
  }

  const connection = (kind: Kind, id: string) => connections(kind).find((one) => one.id === id)
  return {
    context,
    data,
    types,
    type: (kind, serviceName) => types(kind).find((one) => one.serviceName === serviceName),
    connections,
    connection,
    connectionToChange(kind, id) {
      const found = connection(kind, id)
      if (found === undefined || data().connections.includes(found)) return found
      const stored = { ...found }
      data().gone.push(`${kind} ${id}`)
      data().connections.push(stored)
      return stored
    },
    addConnection(kind, type, now) {
      const id = kind === 'activation' ? newWordId() : String(nextNumber(data(), kind))
      const label = types(kind).find(({ serviceName }) => serviceName === type)?.label ?? type
      const added = newConnection({ kind, id, type, label }, now)
      data().connections.push(added)
      return added
    },
    removeConnection(connection) {
      const { connections } = data()
      const at = connections.indexOf(connection)
      if (at !== -1) connections.splice(at, 1)
    },
    addLink(request, now) {
      const link = newLink(nextNumber(data(), `${request.kind} link`), request, now)
      data().links.push(link)
      return link
    },
  }
}

/** A reset keeps the sequences: numbers of connections that are gone are not used again. */
const initialData = (previous?: CensusData): CensusData => ({
  sequences: { ...previous?.sequences },
  links: [],
  connections: [],
  gone: [],
})

/** The last numbers before the end of a process may not have been saved. */
const skippedAtStart = 1_000

function skipNumbers({ sequences }: CensusData): void {
  for (const [sequence, number] of Object.entries(sequences)) sequences[sequence] = number + skippedAtStart
}

interface NewConnection {
  readonly kind: Kind
  readonly id: string
  readonly type: string
  readonly label: string
}

function newConnection({ kind, id, type, label }: NewConnection, now: Date): Connection {
  const name = kind === 'source' ? `${label} - sandbox` : label
  const createdAt = now.toISOString()
  return { kind, id, type, createdAt, name, testSucceeded: true, testedAt: createdAt }
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

function nextNumber({ sequences }: CensusData, sequence: string): number {
  const number = (sequences[sequence] ?? 100) + 1
  sequences[sequence] = number
  return number
}
