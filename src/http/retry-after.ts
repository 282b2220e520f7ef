/** The headers of a response, with lower-case names. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>

/** The first value of a header; `undefined`: the response does not have it. */
export const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value)

/**
 * Seconds to wait, from 0 to 86 400: from `Retry-After` (seconds or a date), else from `X-RateLimit-Reset` (Unix time
 * in seconds), which some providers send instead; `undefined` if neither is readable. Times are those of the provider's
 * clock: they are compared with the `Date` of the same response, and with `now` only if it has none.
 */
export function retryAfterSeconds(headers: Headers, now: Date): number | undefined {
  const sentAt = responseTime(headers) ?? now.getTime()
  const after = first(headers['retry-after'])?.trim() ?? ''
  // RFC 9110 allows whole seconds only; some servers send fractions.
  if (/^\d+(\.\d+)?$/.test(after)) return clampSeconds(Number(after))
  const retryAt = parseHttpDate(after) ?? parseUnixSeconds(first(headers['x-ratelimit-reset']))
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
  const at = Date.parse(/ GMT$/i.test(text) ? text : `${text} GMT`)
  return Number.isNaN(at) ? undefined : at
}

const parseUnixSeconds = (text = '') => (/^\d{9,11}$/.test(text.trim()) ? Number(text) * 1000 : undefined)
