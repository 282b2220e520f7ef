import { createHash } from 'node:crypto'

/** A prepared statement takes memory in each connection to the server, up to 200 KB for a list. */
const maxNames = 100

const names = new Map<string, string>()

/** Gives a statement a name, under which it is prepared once in each connection. Only the first statements get one. */
export function nameStatement(text: string): void {
  if (names.size < maxNames && !names.has(text)) names.set(text, nameOf(text))
}

/** A hash: if clients share a connection without this being noticed, none can run another statement under the name. */
const nameOf = (text: string) =>
  `gateway_${createHash('sha256').update(text).digest('base64url').slice(0, 24)}`

/** The name of a statement; `undefined`: it is not prepared. */
export const statementName = (text: string): string | undefined => names.get(text)
