import { createHash } from 'node:crypto'
import { readData } from '../../data.ts'

/** A connector of the sandbox's xpander catalogue. */
export interface XpanderConnector {
  readonly id: string
  readonly name: string
  readonly description: string
  /** Known to the sandbox alone: xpander's catalogue never says how a connector authenticates. */
  readonly scheme: 'oauth2' | 'apiKey' | 'none'
  readonly operations: number
  /** `ready` can be connected; anything else is still being worked on. */
  readonly status: string
  /**
   * How the answer to a successful connect differs from a plain 200, where the documentation allows more than
   * one reading: `merged` has a connection's fields and the OAuth fields together, `created` is a 201.
   */
  readonly oddity?: 'merged' | 'created'
}

/** A version 5 UUID derived from a text: the same text gives the same UUID on every machine. */
export function stableUuid(words: string): string {
  const hex = createHash('sha1').update(words).digest('hex')
  // Version 5 and variant bits, as RFC 9562 asks of uuids made from a hash.
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-')
}

/** Every connector of the sandbox, by name. */
export const xpanderConnectors: readonly XpanderConnector[] = readData<
  readonly Omit<XpanderConnector, 'id'>[]
>('xpander-connectors').map((connector) => ({
  ...connector,
  id: stableUuid(`xpander connector ${connector.name}`),
}))
