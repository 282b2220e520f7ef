import { randomBytes, randomUUID } from 'node:crypto'
import type { JsonObject } from '../../json.ts'
import { createGeneratedConnections, dateInPastYear, pick } from '../../synthetic-rows.ts'
import type { SandboxContext } from '../../vendor.ts'
import { createIntegrations, type NangoIntegration } from './integrations.ts'

export type Tags = Readonly<Record<string, string>>

/** A connect session. It can be used until it expires or is deleted. */
export interface Session {
  readonly token: string
  readonly expiresAt: string
  readonly tags: Tags
  /** Keys of the integrations that it may connect; empty: all. */
  readonly allowed: readonly string[]
  /** Presets of settings, by integration. */
  readonly configDefaults: Readonly<Record<string, JsonObject>>
  readonly webhookUrl: string | null
  /** The connection to authorize again; `null`: a new one. */
  readonly connectionId: string | null
}

export interface Connection {
  readonly id: number
  readonly connectionId: string
  readonly integration: string
  readonly tags: Tags
  readonly metadata: JsonObject
  readonly config: JsonObject
  readonly webhookUrl: string | null
  readonly isBroken: boolean
  readonly createdAt: string
  readonly updatedAt: string
}

/** The slice of the saved state. */
interface NangoData {
  sessions: Record<string, Session>
  connections: Connection[]
  /** IDs of generated connections that were deleted or replaced. */
  removed: string[]
  sequence: number
}

export type NangoState = ReturnType<typeof createNangoState>

const sessionLifetimeMs = 30 * 60_000

/** The integrations, sessions and connections of the fake Nango. */
export function createNangoState(context: SandboxContext) {
  const integrations = createIntegrations(context)
  const data = context.slice<NangoData>('nango', () => ({
    sessions: {},
    connections: [],
    removed: [],
    sequence: 1_000_000,
  }))
  return {
    context,
    integrations,
    ...sessionState(context, data),
    ...connectionState(context, data, createGenerated(context, integrations.list)),
  }
}

function sessionState(context: SandboxContext, data: () => NangoData) {
  // As any other account's credentials, the token starts with the name of the account.
  const prefix = context.suffix === '' ? '' : `sandbox${context.suffix}.`
  return {
    createSession(session: Omit<Session, 'token' | 'expiresAt'>): Session {
      const now = context.now().getTime()
      for (const [token, { expiresAt }] of Object.entries(data().sessions))
        if (Date.parse(expiresAt) <= now) delete data().sessions[token]
      const token = `${prefix}nango_connect_session_${randomBytes(32).toString('hex')}`
      const expiresAt = new Date(now + sessionLifetimeMs).toISOString()
      data().sessions[token] = { ...session, token, expiresAt }
      return { ...session, token, expiresAt }
    },
    /** `undefined`: it does not exist, was deleted or has expired. */
    session(token: string): Session | undefined {
      const found = Object.hasOwn(data().sessions, token) ? data().sessions[token] : undefined
      return found && Date.parse(found.expiresAt) > context.now().getTime() ? found : undefined
    },
    deleteSession(token: string): void {
      delete data().sessions[token]
    },
  }
}

function connectionState(
  context: SandboxContext,
  data: () => NangoData,
  generated: () => readonly Connection[],
) {
  /** Newest first. */
  function connections(): readonly Connection[] {
    const removed = new Set(data().removed)
    return [
      ...data().connections.toReversed(),
      ...generated().filter((one) => !removed.has(one.connectionId)),
    ]
  }

  const connection = (id: string, integration?: string) =>
    connections().find(
      (one) => one.connectionId === id && (integration === undefined || one.integration === integration),
    )

  function remove({ connectionId }: Connection): void {
    const stored = data().connections.filter((one) => one.connectionId !== connectionId)
    if (stored.length === data().connections.length) data().removed.push(connectionId)
    data().connections = stored
  }

  function replace(old: Connection, changes: Partial<Connection>): Connection {
    const changed = { ...old, ...changes, updatedAt: context.now().toISOString() }
    remove(old)
    data().connections = [...data().connections, changed].sort((a, b) => a.id - b.id)
    return changed
  }

  /** Makes the session's connection, or renews the one that it is for. */
  function connect(session: Session, integration: string, config: JsonObject): Connection {
    const { tags, webhookUrl } = session
    const existing = session.connectionId === null ? undefined : connection(session.connectionId, integration)
    // The whole set of tags is replaced.
    if (existing) return replace(existing, { tags, config, webhookUrl, isBroken: false })
    const now = context.now().toISOString()
    data().sequence += 1
    const made: Connection = {
      id: data().sequence,
      connectionId: randomUUID(),
      integration,
      tags,
      metadata: {},
      config,
      webhookUrl,
      isBroken: false,
      createdAt: now,
      updatedAt: now,
    }
    data().connections.push(made)
    return made
  }

  function breakConnection(id: string): boolean {
    const existing = connection(id)
    if (existing) replace(existing, { isBroken: true })
    return existing !== undefined
  }

  return { connections, connection, remove, replace, connect, breakConnection }
}

/** Connections that other programs of the same environment have made: generated, not stored. */
const createGenerated = (context: SandboxContext, integrations: readonly NangoIntegration[]) =>
  createGeneratedConnections(context, (index, stateCreatedAt): Connection => {
    const createdAt = dateInPastYear(stateCreatedAt, index).toISOString()
    return {
      id: index,
      connectionId: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      integration: integrations[index % integrations.length]?.key ?? '',
      tags: { end_user_id: `outside_user_${1 + (index % 500)}` },
      metadata: {},
      config: {},
      webhookUrl: null,
      isBroken: pick([false, false, false, true], index),
      createdAt,
      updatedAt: createdAt,
    }
  })
