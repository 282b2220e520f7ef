import { createHash } from 'node:crypto'
import { readData } from '../../data.ts'

/** A connector of the sandbox's xpander catalogue. */
export interface XpanderConnector {
  readonly id: string
  readonly name: string
  readonly description: string
  /** Internal to the sandbox: xpander's catalogue does not contain how a connector authenticates. */
  readonly scheme: 'oauth2' | 'apiKey' | 'none'
  readonly operations: number
  /** `ready` can be connected; any other value means that the connector is still being prepared. */
  readonly status: string
  /**
   * The response to a connect without the key that the connector needs, for which the documentation has two codes.
   * Default: the connection, which then cannot be used. `invalid`: status 422.
   */
  readonly withoutKey?: 'invalid'
  /**
   * The response to a connect when it is not a plain 200; the documentation is ambiguous here. `merged`: the fields of
   * a connection together with the OAuth fields. `created`: status 201.
   */
  readonly responseVariant?: 'merged' | 'created'
}

/** A version 5 UUID derived from `name`: deterministic, the same on every machine. */
export function stableUuid(name: string): string {
  const hex = createHash('sha1').update(name).digest('hex')
  // Version 5 and variant bits, as RFC 9562 requires for name-based UUIDs.
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-')
}

/** Every connector of the sandbox; the ID is derived from the name. */
export const xpanderConnectors: readonly XpanderConnector[] = readData<
  readonly Omit<XpanderConnector, 'id'>[]
>('xpander-connectors').map((connector) => ({
  ...connector,
  id: stableUuid(`xpander connector ${connector.name}`),
}))
