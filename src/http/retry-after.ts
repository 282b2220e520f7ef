/** The headers of a response, with lower-case names. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>

/** The first value of a header; `undefined`: the response does not have it. */
export const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value)

/**
 * Seconds to wait, from 0 to 86 400: from `Retry-After` (seconds or a date), else from `X-RateLimit-Reset` (Unix time
 * in seconds or ms), which some providers send instead; `undefined` if neither is readable. Of several values the first
 * counts. Times are those of the provider's clock: they are compared with the `Date` of the same response, and with
 * `now` only if it has none.
 */
export function retryAfterSeconds(headers: Headers, now: Date): number | undefined {
  const sentAt = responseTime(headers) ?? now.getTime()
  const after = first(headers['retry-after'])?.trim() ?? ''
  // RFC 9110 allows whole seconds only; some servers send fractions, and proxies join the values of two headers.
  const seconds = /^\+?(\d+(?:\.\d+)?)\s*(?:,|$)/.exec(after)?.[1]
  if (seconds !== undefined) return clampSeconds(Number(seconds))
  const retryAt =
    parseHttpDate(after) ?? parseIsoDate(after) ?? parseUnixTime(first(headers['x-ratelimit-reset']))
  return retryAt === undefined ? undefined : clampSeconds((retryAt - sentAt) / 1000)
}

const clampSeconds = (seconds: number) => Math.min(Math.max(Math.ceil(seconds), 0), 86_400)

/** A response from a shared cache has the `Date` of the original one (RFC 9111, section 5.1): it is not used. */
const responseTime = ({ age, date }: Headers) =>
  age === undefined ? parseHttpDate(first(date) ?? '') : undefined

/**
 * The three formats of RFC 9110, section 5.6.7, in ms; `undefined` for other text, much of which `Date.parse` reads as a
 * date ("-5"). The third format has no time zone: it is UTC.
 */
function parseHttpDate(text: string): number | undefined {
  if (!/^(mon|tue|wed|thu|fri|sat|sun)/i.test(text)) return undefined
  const one = text.replace(/( GMT)\s*,.*$/i, '$1')
  return parseDate(/ GMT$/i.test(one) ? one : `${one} GMT`)
}

/** Without a time zone: UTC. */
function parseIsoDate(text: string): number | undefined {
  const [, one, zone] = /^(\d{4}-\d\d-\d\dT[\d:.]+)(Z|[+-]\d\d:?\d\d)?\s*(?:,|$)/i.exec(text) ?? []
  return one === undefined ? undefined : parseDate(one + (zone ?? 'Z'))
}

function parseDate(text: string): number | undefined {
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : at
}

/** 9 to 11 digits are seconds, 12 to 14 are ms. */
function parseUnixTime(text = ''): number | undefined {
  const digits = /^\s*(\d{9,14})(?:\.\d+)?\s*(?:,|$)/.exec(text)?.[1]
  if (digits === undefined) return undefined
  return digits.length < 12 ? Number(digits) * 1000 : Number(digits)
}
