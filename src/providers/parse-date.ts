import { z } from 'zod'

/** A timestamp in a response. An unreadable one is dropped: the rest of the response is still usable. */
export const timestamp = z.string().nullish().catch(null)

const isoWithoutZone = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)$/
const zone = /(?:Z|GMT|UTC|[+-]\d{2}:?\d{2})$/i
const isoDate = /^\d{4}-\d{2}-\d{2}$/

/**
 * Parses a provider's timestamp; without a time zone it is UTC. Returns `null` if it is absent, invalid or outside the
 * years 1 to 9999, which neither the API nor the database can represent.
 */
export function parseDate(text: string | null | undefined): Date | null {
  const at = new Date(withZone(text?.trim() ?? ''))
  const year = at.getUTCFullYear()
  return year >= 1 && year <= 9999 ? at : null
}

/** JavaScript reads a time without a zone as local time. */
function withZone(text: string): string {
  const [, date, time] = isoWithoutZone.exec(text) ?? []
  if (date !== undefined) return `${date}T${time}Z`
  return text === '' || zone.test(text) || isoDate.test(text) ? text : `${text} UTC`
}
