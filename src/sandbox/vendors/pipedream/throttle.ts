import { randomBytes } from 'node:crypto'
import type { SandboxRequest, SandboxResponse } from '../../http-types.ts'
import type { JsonObject } from '../../json.ts'

interface Limit {
  readonly windowMs: number
  readonly requests: number
}

/**
 * Rate limits per end user on creating connect tokens. Pipedream's default of 100 per minute is not enforced, because
 * it would only hinder development. A limit applies if it was created at `rate_limits` and is named in
 * `x-pd-rate-limit`.
 */
export function createThrottle() {
  const limits = new Map<string, Limit>()
  const times = new Map<string, readonly number[]>()
  return {
    /** Creates a limit and returns its token; undefined when the numbers are missing or not positive. */
    define(fields: JsonObject): string | undefined {
      const { window_size_seconds: seconds, requests_per_window: requests } = fields
      if (typeof seconds !== 'number' || typeof requests !== 'number') return undefined
      if (!(seconds > 0) || !(requests > 0)) return undefined
      const token = randomBytes(36).toString('base64url')
      limits.set(token, { windowMs: seconds * 1000, requests })
      return token
    },
    /** The 429 response if this end user has used up the limit; otherwise counts the request. */
    check({ headers, now }: SandboxRequest, user: string): SandboxResponse | undefined {
      const token = headers['x-pd-rate-limit']
      const limit = typeof token === 'string' ? limits.get(token) : undefined
      if (limit === undefined) return undefined
      const key = `${token} ${user}`
      const recent = (times.get(key) ?? []).filter((time) => time > now.getTime() - limit.windowMs)
      if (recent.length >= limit.requests)
        return throttled(limit, new Date((recent[0] ?? 0) + limit.windowMs), now)
      times.set(key, [...recent, now.getTime()])
      return undefined
    },
  }
}

function throttled(limit: Limit, freeAt: Date, now: Date): SandboxResponse {
  return {
    status: 429,
    headers: {
      'retry-after': String(Math.ceil((freeAt.getTime() - now.getTime()) / 1000)),
      'x-ratelimit-limit': String(limit.requests),
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Math.ceil(freeAt.getTime() / 1000)),
    },
    body: { error: 'Throttled' },
  }
}
