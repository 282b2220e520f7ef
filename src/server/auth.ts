import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { authenticateApiKey } from '../connect/api-keys/authenticate-key.ts'
import { hasApiKeyPrefix } from '../connect/api-keys/key-format.ts'
import type { ConnectContext } from '../connect/context.ts'
import { permissions } from '../domain/permissions.ts'
import type { Viewer } from '../domain/viewer.ts'

/** The server context of Yoga's Node adapter. */
export interface NodeContext {
  readonly req: IncomingMessage
  readonly res: ServerResponse
}

/** Returns the caller that an `Authorization` header identifies; `null` without valid credentials. */
export type Authenticate = (authorization: string | null) => Promise<Viewer | null>

/**
 * Accepts GATEWAY_API_KEY, which has all permissions, the API keys of the store and session tokens. Compares hashes in
 * constant time, so that timing reveals neither length nor content of the key.
 */
export function createAuthenticate(
  apiKey: string,
  connect: Pick<ConnectContext, 'apiKeys' | 'background' | 'db' | 'now' | 'sessions'>,
): Authenticate {
  const expected = digest(apiKey)
  const apiKeyViewer: Viewer = {
    kind: 'API_KEY',
    id: 'GATEWAY_API_KEY',
    name: 'GATEWAY_API_KEY',
    scopes: permissions,
    endUser: null,
    organizationAccess: null,
    limits: null,
    expiresAt: null,
  }
  return async (authorization) => {
    const credentials = /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? ''
    if (timingSafeEqual(digest(credentials), expected)) return apiKeyViewer
    return hasApiKeyPrefix(credentials)
      ? authenticateApiKey(connect, credentials)
      : connect.sessions.verify(credentials)
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest()
