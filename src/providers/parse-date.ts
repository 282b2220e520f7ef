import { lenientText } from './lenient.ts'

/** A timestamp in a response. An unreadable one is dropped: the rest of the response is still usable. */
export const timestamp = lenientText

const timeAndZone = String.raw`(?<time>\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) ?(?<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?`
/** ISO 8601 and its variants of databases: a space before the time, an offset of two digits. */
const isoPattern = new RegExp(String.raw`^(?<date>\d{4}([-/])\d{2}\2\d{2})(?:[T ]${timeAndZone})?$`, 'i')
/** As in HTTP and mail headers: RFC 9110, section 5.6.7; RFC 5322, section 3.3. */
const headerPattern = new RegExp(
  String.raw`^(?:[a-z]{3}, ?)?(?<date>\d{1,2} [a-z]{3} \d{4})(?: ${timeAndZone})?$`,
  'i',
)

/**
 * Parses a provider's timestamp; without a time zone it is UTC. Returns `null` if it is absent, in another format, has
 * the name of another zone, or is outside the years 1 to 9999, which neither the API nor the database can represent.
 */
export function parseDate(text: string | null | undefined): Date | null {
  const trimmed = text?.trim() ?? ''
  const iso = isoPattern.exec(trimmed)?.groups
  const header = headerPattern.exec(trimmed)?.groups
  const [date, separator] = iso ? [iso.date?.replaceAll('/', '-'), 'T'] : [header?.date, ' ']
  const { time = '00:00', zone } = iso ?? header ?? {}
  // JavaScript reads a time without a zone as local time.
  const at = new Date(`${date}${separator}${time}${toOffset(zone)}`)
  const year = at.getUTCFullYear()
  return year >= 1 && year <= 9999 ? at : null
}

/** `Z` or an offset with minutes: JavaScript reads no others. */
function toOffset(zone = 'Z'): string {
  const [, hours, minutes = '00'] = /^([+-]\d{2}):?(\d{2})?$/.exec(zone) ?? []
  return hours === undefined ? 'Z' : `${hours}:${minutes}`
}
