import { describe, expect, test } from 'vitest'
import { ProviderError, type ProviderErrorCode } from '../../src/domain/provider-error.ts'
import { type CircuitState, createCircuitBreaker } from '../../src/http/circuit-breaker.ts'

const failure = (code: ProviderErrorCode = 'PROVIDER_UNAVAILABLE', retryAfterSeconds?: number) =>
  new ProviderError('XPANDER', code, 'failed', { retryAfterSeconds })

/** A circuit breaker with a clock in ms, without jitter. */
function openBreaker(random = () => 0) {
  const clock = { ms: 1_000_000 }
  const states: CircuitState[] = []
  const breaker = createCircuitBreaker({
    now: () => clock.ms,
    random,
    onTransition: (state) => states.push(state),
  })
  /** Makes calls one after the other; refused ones are not counted. */
  const call = (error?: ProviderError, times = 1) => {
    for (let index = 0; index < times; index += 1) breaker.enter()?.settle(error)
  }
  return { ...breaker, clock, states, call, fail: () => call(failure(), 5) }
}

describe('a circuit breaker', () => {
  test('opens after five failures in a row, and not after four', () => {
    const { call, state, enter } = openBreaker()
    call(failure(), 4)
    call()
    call(failure(), 4)
    expect(state()).toBe('CLOSED')
    call(failure())
    expect(state()).toBe('OPEN')
    expect(enter()).toBeNull()
  })

  test.each<[ProviderErrorCode, CircuitState]>([
    ['PROVIDER_UNAVAILABLE', 'OPEN'],
    ['PROVIDER_TIMEOUT', 'OPEN'],
    ['PROVIDER_RATE_LIMITED', 'OPEN'],
    ['PROVIDER_REJECTED', 'CLOSED'],
    ['PROVIDER_UNAUTHORIZED', 'CLOSED'],
    ['PROVIDER_QUOTA_EXCEEDED', 'CLOSED'],
    ['PROVIDER_INVALID_RESPONSE', 'CLOSED'],
  ])('after many calls with %s is %s', (code, expected) => {
    const { call, state } = openBreaker()
    call(failure(code), 20)
    expect(state()).toBe(expected)
  })

  test('opens when half of at least ten calls within ten seconds failed', () => {
    const { call, state, clock } = openBreaker()
    const alternate = (times: number) => {
      for (let index = 0; index < times; index += 1) call(index % 2 === 0 ? undefined : failure())
    }
    alternate(8)
    clock.ms += 10_000 // the calls before are not counted any more
    alternate(8)
    expect(state()).toBe('CLOSED')
    alternate(2)
    expect(state()).toBe('OPEN')
  })

  test('sends one probe after 5 s: its success closes it', () => {
    const { fail, state, enter, retryAfterMs, clock, states } = openBreaker()
    fail()
    expect(retryAfterMs()).toBe(5_000)
    clock.ms += 4_999
    expect(enter()).toBeNull()
    clock.ms += 1
    const probe = enter()
    expect([probe === null, enter()]).toEqual([false, null])
    probe?.settle()
    expect(state()).toBe('CLOSED')
    expect(states).toEqual(['OPEN', 'HALF_OPEN', 'CLOSED'])
  })

  test('doubles the open time with each failed probe, up to 60 s, and starts again after a success', () => {
    const { fail, call, retryAfterMs, clock } = openBreaker()
    fail()
    const times = Array.from({ length: 6 }, () => {
      const ms = retryAfterMs()
      clock.ms += ms
      call(failure())
      return ms
    })
    expect(times).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000])
    clock.ms += retryAfterMs()
    call()
    fail()
    expect(retryAfterMs()).toBe(5_000)
  })

  test('adds up to a fifth of the time at random', () => {
    const { fail, retryAfterMs } = openBreaker(() => 1)
    fail()
    expect(retryAfterMs()).toBe(6_000)
  })

  test('waits as long as Retry-After says, at most five minutes', () => {
    const { call, retryAfterMs, clock, enter } = openBreaker()
    call(failure('PROVIDER_RATE_LIMITED', 17), 5)
    expect(retryAfterMs()).toBe(17_000)
    clock.ms += 17_000
    enter()?.settle(failure('PROVIDER_RATE_LIMITED', 86_400))
    expect(retryAfterMs()).toBe(300_000)
  })

  test('ignores outcomes of calls that began before it opened', () => {
    const { fail, state, enter, clock } = openBreaker()
    const [late, later] = [enter(), enter()]
    fail()
    late?.settle()
    expect(state()).toBe('OPEN')
    clock.ms += 5_000
    const probe = enter()
    later?.settle(failure())
    expect(state()).toBe('HALF_OPEN')
    probe?.settle()
    expect(state()).toBe('CLOSED')
  })

  test('a probe without an outcome lets the next call probe', () => {
    const { fail, enter, clock } = openBreaker()
    fail()
    clock.ms += 5_000
    enter()?.release()
    expect(enter()).not.toBeNull()
  })

  test('a clock that is set back ends the open state', () => {
    const { fail, state, clock } = openBreaker()
    fail()
    clock.ms -= 3_600_000
    expect(state()).toBe('HALF_OPEN')
  })
})
