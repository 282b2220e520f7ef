import { encodeGlobalId } from '../domain/global-id.ts'

/** A decoded global ID. Clients treat it as opaque. */
export interface GlobalId {
  readonly type: string
  readonly id: string
}

export { encodeGlobalId }

/** `null` for every text that `encodeGlobalId` does not produce. */
export function decodeGlobalId(globalId: string): GlobalId | null {
  const text = Buffer.from(globalId, 'base64url').toString()
  const colon = text.indexOf(':')
  if (colon < 1) return null
  const decoded = { type: text.slice(0, colon), id: text.slice(colon + 1) }
  return encodeGlobalId(decoded.type, decoded.id) === globalId ? decoded : null
}

/** The ID within that type; `null` for malformed IDs and for those of another type. */
export function decodeIdOf(type: string, globalId: string): string | null {
  const decoded = decodeGlobalId(globalId)
  return decoded?.type === type ? decoded.id : null
}
