import { createHash } from 'node:crypto'
import type { Viewer } from '../../domain/viewer.ts'
import type { Encryption } from '../../store/encryption.ts'

/** What is remembered of a client between its requests. */
export interface McpSession {
  /** Whether the client supports URL-mode elicitation. */
  readonly elicitsUrls: boolean
}

const context = 'mcp session'

/**
 * The session itself, encrypted: any gateway with the same key reads it, and none stores it. Each request is
 * authenticated by its own credentials; without them the ID is of no use.
 */
export const sealSession = (encryption: Encryption, viewer: Viewer, { elicitsUrls }: McpSession): string =>
  encryption.encrypt(JSON.stringify([callerOf(viewer), elicitsUrls]), context)

/** `null` for an ID that no gateway has issued, and for that of another caller. */
export function openSession(encryption: Encryption, viewer: Viewer, id: string): McpSession | null {
  try {
    // Only the gateway's own text gets here: it is authenticated.
    const [caller, elicitsUrls] = JSON.parse(encryption.decrypt(id, context))
    return caller === callerOf(viewer) ? { elicitsUrls } : null
  } catch {
    return null
  }
}

/** The same for each session token of an end user: a client renews its token without losing its MCP session. */
const callerOf = ({ kind, id, endUser }: Viewer): string =>
  createHash('sha256')
    .update(JSON.stringify([kind, endUser ? [endUser.id, endUser.organization?.id ?? null] : id]))
    .digest('base64url')
