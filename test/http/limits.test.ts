import type { RequestListener } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ProviderError } from '../../src/domain/provider-error.ts'
import { type CircuitState, createCircuitBreaker } from '../../src/http/circuit-breaker.ts'
import { backgroundWork, operation, rollBack } from '../../src/http/http-types.ts'
import { openClient } from './open.ts'

const responseSchema = z.object({ ok: z.boolean() })
const read = { method: 'GET', path: '/thing', responseSchema, purpose: 'read a thing' } as const
const write = { ...read, method: 'POST', purpose: 'make a thing' } as const
const outcomeOf = (work: Promise<unknown>) => work.catch((error: unknown) => error)

/** A server that answers each request with the next of these statuses, then with 200; "reset" closes the connection. */
function answering(...statuses: readonly (number | 'reset')[]) {
  const state = { requests: 0 }
  const listener: RequestListener = (request, response) => {
    const status = statuses[state.requests] ?? 200
    state.requests += 1
    if (status === 'reset') return void request.socket.resetAndDestroy()
    response.writeHead(status, status === 503 ? { 'retry-after': '1' } : {})
    response.end('{"ok":true}')
  }
  return { state, listener }
}

describe('the deadline', () => {
  const slow: RequestListener = (_, response) => void sleep(600).then(() => response.end('{"ok":true}'))

  test('is shared by the calls of an operation', async () => {
    const { http } = await openClient(slow, { deadlineMs: 1_000 })
    const call = operation()
    expect(await http.send(read, call)).toEqual({ ok: true })
    await expect(http.send(write, call)).rejects.toMatchObject({ code: 'PROVIDER_TIMEOUT' })
  })

  test('is that of each call for background work', async () => {
    const { http } = await openClient(slow, { deadlineMs: 1_000 })
    const call = backgroundWork()
    for (let count = 0; count < 3; count += 1) expect(await http.send(read, call)).toEqual({ ok: true })
  })

  test('is extended for a roll-back', async () => {
    const { http } = await openClient((_, response) => void response.end('{"ok":true}'), { deadlineMs: 100 })
    const call = operation()
    await sleep(150)
    await expect(http.send(write, call)).rejects.toMatchObject({ retryable: true, mayHaveActed: false })
    expect(await http.send(write, rollBack(call))).toEqual({ ok: true })
  })

  test('includes the wait for a token, which other callers may still need', async () => {
    const authorization = { headers: () => new Promise<Record<string, string>>(() => undefined) }
    const { http } = await openClient(slow, { deadlineMs: 50, authorization })
    await expect(http.send(write, operation())).rejects.toMatchObject({
      code: 'PROVIDER_TIMEOUT',
      mayHaveActed: false,
    })
  })
})

describe('a read that fails', () => {
  test.each(['reset', 500, 502] as const)('is retried once (%s)', async (status) => {
    const { state, listener } = answering(status)
    const { http, outcomes } = await openClient(listener)
    expect(await http.send(read, operation())).toEqual({ ok: true })
    expect(state.requests).toBe(2)
    expect(outcomes).toEqual([undefined])
  })

  test('is not retried twice', async () => {
    const { state, listener } = answering(500, 500)
    const { http } = await openClient(listener)
    await expect(http.send(read, operation())).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
    expect(state.requests).toBe(2)
  })

  test.each([429, 503, 404, 403])(
    'is not retried after %i, which asks to wait or will not change',
    async (status) => {
      const { state, listener } = answering(status)
      const { http } = await openClient(listener)
      await expect(http.send(read, operation())).rejects.toThrow()
      expect(state.requests).toBe(1)
    },
  )

  test('is retried only within the budget', async () => {
    const { state, listener } = answering(...Array(40).fill(500))
    const { http } = await openClient(listener)
    for (let count = 0; count < 20; count += 1) await outcomeOf(http.send(read, operation()))
    // Three at first, and one for every ten calls.
    expect(state.requests).toBeLessThanOrEqual(26)
    expect(state.requests).toBeGreaterThan(20)
  })
})

test('a change is never retried', async () => {
  const { state, listener } = answering('reset')
  const { http } = await openClient(listener)
  await expect(http.send(write, operation())).rejects.toMatchObject({ mayHaveActed: true })
  expect(state.requests).toBe(1)
})

describe('an open circuit breaker', () => {
  /** A client with a circuit breaker that five failed changes have opened. */
  async function openWithOpenCircuit() {
    const clock = { ms: 0 }
    const states: CircuitState[] = []
    const circuit = createCircuitBreaker({
      now: () => clock.ms,
      random: () => 0,
      onTransition: (state) => states.push(state),
    })
    const { state, listener } = answering(200, 500, 500, 500, 500, 500)
    const client = await openClient(listener, { circuit })
    const begun = operation()
    await client.http.send(write, begun)
    for (let count = 0; count < 5; count += 1) await outcomeOf(client.http.send(write, operation()))
    expect(circuit.state()).toBe('OPEN')
    return { ...client, state, clock, states, begun }
  }

  test('refuses calls at once, with the certainty that nothing was done', async () => {
    const { http, state, outcomes, logged } = await openWithOpenCircuit()
    const [requests, recorded] = [state.requests, outcomes.length]
    for (const request of [read, write]) {
      await expect(http.send(request, operation())).rejects.toMatchObject({
        code: 'PROVIDER_UNAVAILABLE',
        message: `The attempt to ${request.purpose} was not made: the last calls to xpander failed.`,
        retryAfterSeconds: 5,
        retryable: true,
        mayHaveActed: false,
        notSent: true,
      })
    }
    expect([state.requests, outcomes.length]).toEqual([requests, recorded])
    expect(logged().match(/provider call failed/g)).toHaveLength(5)
  })

  test('lets an operation finish what it has begun', async () => {
    const { http, begun } = await openWithOpenCircuit()
    expect(await http.send(write, begun)).toEqual({ ok: true })
    expect(await http.send(write, rollBack(operation()))).toEqual({ ok: true })
  })

  test('closes after a probe has succeeded', async () => {
    const { http, clock, states } = await openWithOpenCircuit()
    clock.ms += 5_000
    expect(await http.send(read, operation())).toEqual({ ok: true })
    expect(states).toEqual(['OPEN', 'HALF_OPEN', 'CLOSED'])
  })
})

test('calls that share one failed response count as one failure', async () => {
  const circuit = createCircuitBreaker({ now: () => 0 })
  const { listener } = answering(500, 500)
  const { http, outcomes } = await openClient(listener, { circuit })
  const call = { ...backgroundWork(), readCache: new Map() }
  await Promise.all(Array.from({ length: 20 }, () => outcomeOf(http.send(read, call))))
  expect(outcomes).toMatchObject([{ code: 'PROVIDER_UNAVAILABLE' }])
  expect(circuit.state()).toBe('CLOSED')
})

test('callers of a server that hangs wait at most until their deadline; the next ones do not wait', async () => {
  const state = { requests: 0 }
  const count = () => {
    state.requests += 1
  }
  const circuit = createCircuitBreaker({ now: () => performance.now() })
  const { http } = await openClient(count, { deadlineMs: 1_000, circuit })
  const startedAt = performance.now()
  const errors = await Promise.all(
    Array.from({ length: 200 }, () => outcomeOf(http.send(write, operation()))),
  )
  // Without a shared deadline the last ones would have waited for seven deadlines.
  expect(performance.now() - startedAt).toBeLessThan(4_000)
  expect(state.requests).toBeLessThan(40)
  // 32 at a time, and a few more before the circuit breaker opens.
  const unsent = errors.filter((error) => error instanceof ProviderError && error.notSent)
  expect(unsent.length).toBeGreaterThan(150)
  await expect(http.send(write, operation())).rejects.toMatchObject({ notSent: true, mayHaveActed: false })
  expect(state.requests).toBeLessThan(40)
})
