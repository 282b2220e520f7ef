/** The gateway time of a provider's timestamp: not before `earliest`, not after `latest`. */
export interface TimeRange {
  readonly earliest: Date
  readonly latest: Date
}

/** A response whose `Date` header shows the provider's clock. Times are of the gateway's clock. */
export interface ClockSample {
  readonly dateHeader: string | undefined
  readonly sentAt: Date
  readonly receivedAt: Date
}

/** How far the clock of each provider account is ahead of the gateway's clock, estimated from the `Date` headers of its responses. */
export interface ProviderClocks {
  observe(accountKey: string, sample: ClockSample): void
  /** Converts a provider's timestamp to the gateway's clock; `null`: the provider has sent no `Date` header yet. */
  toGatewayTime(accountKey: string, at: Date): TimeRange | null
  /** Bounds of the offset in milliseconds; `null`: as above. */
  offset(accountKey: string): { readonly min: number; readonly max: number } | null
}

/** Bounds of the offset "provider's clock minus gateway's clock", in ms, and when they were last updated. */
interface Offset {
  readonly min: number
  readonly max: number
  readonly at: number
}

/** A `Date` header has whole seconds (RFC 9110, section 5.6.7): the provider's time is up to this much later. */
const resolutionMs = 1_000
/** Assumed relative drift of two clocks between two samples: 200 ppm, several times that of a quartz. */
const drift = 0.000_2

export function createProviderClocks(): ProviderClocks {
  const offsets = new Map<string, Offset>()
  return {
    observe(accountKey, { dateHeader, sentAt, receivedAt }) {
      const date = Date.parse(dateHeader ?? '')
      if (Number.isNaN(date)) return
      // The header was written between the two times, at a moment in [date, date + 1 s).
      const sample = {
        min: date - receivedAt.getTime(),
        max: date + resolutionMs - sentAt.getTime(),
        at: receivedAt.getTime(),
      }
      offsets.set(accountKey, intersect(offsets.get(accountKey), sample))
    },
    offset: (accountKey) => offsets.get(accountKey) ?? null,
    toGatewayTime(accountKey, at) {
      const offset = offsets.get(accountKey)
      if (offset === undefined) return null
      // A timestamp without milliseconds may have been truncated to the second.
      const truncatedMs = at.getMilliseconds() === 0 ? resolutionMs : 0
      return {
        earliest: new Date(at.getTime() - offset.max),
        latest: new Date(at.getTime() - offset.min + truncatedMs),
      }
    },
  }
}

/** Each sample narrows the bounds; one that contradicts them shows that a clock was changed, and replaces them. */
function intersect(known: Offset | undefined, sample: Offset): Offset {
  if (known === undefined) return sample
  const driftMs = Math.abs(sample.at - known.at) * drift
  const min = Math.max(known.min - driftMs, sample.min)
  const max = Math.min(known.max + driftMs, sample.max)
  return min <= max ? { min, max, at: sample.at } : sample
}
