import { beforeAll, describe, expect, test } from 'vitest'
import { withIdempotencyKey } from '../../../src/connect/create-link/idempotency.ts'
import type { CreatedLink } from '../../../src/connect/create-link/warnings.ts'
import { GatewayError } from '../../../src/domain/errors.ts'
import { ProviderError } from '../../../src/domain/provider-error.ts'
import type { Viewer } from '../../../src/domain/viewer.ts'
import { type Reservation, storeResponse } from '../../../src/store/idempotency-keys.ts'
import { testDatabase } from '../../helpers/database.ts'
import { addLink } from '../../store/rows.ts'
import { type OpenConnect, openConnect, viewer } from '../open.ts'

beforeAll(() => testDatabase())

const endUser = (id: string): Viewer => ({
  ...viewer,
  kind: 'END_USER',
  endUser: { id, name: null, email: null, organization: null },
})

const unknownOutcome = new ProviderError('FIVETRAN', 'PROVIDER_TIMEOUT', 'No answer.', { mayHaveActed: true })
const rejected = new ProviderError('FIVETRAN', 'PROVIDER_REJECTED', 'No.')

/** Calls with one key, and the reservation of each attempt. */
async function openCalls(maxWaitMs = 25) {
  const opened = await openConnect()
  const context = { ...opened.context, maxWaitMs }
  const attempts: Reservation[] = []

  async function finish(reservation: Reservation): Promise<CreatedLink> {
    const connectLink = await addLink(opened.db, { id: reservation.linkId })
    await storeResponse(opened.db, reservation, { warnings: [] })
    return { connectLink, replayed: false, warnings: [] }
  }
  const send = (
    outcome: (reservation: Reservation) => Promise<CreatedLink> = finish,
    { as = viewer, input = { a: 1, b: 2 } }: { as?: Viewer; input?: object } = {},
  ) =>
    withIdempotencyKey(
      context,
      { operation: 'createConnectLink', key: 'k', viewer: as, input },
      (reservation) => {
        if (reservation === null) throw new Error('the call has a key')
        attempts.push(reservation)
        return outcome(reservation)
      },
    )
  return { ...opened, attempts, send, finish }
}

const failWith = (error: Error) => async (): Promise<CreatedLink> => {
  throw error
}

const keys = ({ db }: OpenConnect) => db.selectFrom('idempotencyKeys').selectAll().execute()

describe('a call with an idempotency key', () => {
  test('that was rejected releases the key: the next call is a first attempt again', async () => {
    const opened = await openCalls()
    await expect(opened.send(failWith(rejected))).rejects.toBe(rejected)
    expect(await keys(opened)).toEqual([])
    await opened.send()

    expect(opened.attempts.map(({ isRetry }) => isRetry)).toEqual([false, false])
    expect(opened.attempts[1]?.linkId).not.toBe(opened.attempts[0]?.linkId)
  })

  test.each([
    ['whose outcome is unknown', unknownOutcome],
    ['that failed unexpectedly', new Error('a bug')],
  ])('%s leaves the key to a retry for the same link', async (_, error) => {
    const opened = await openCalls()
    await expect(opened.send(failWith(error))).rejects.toBe(error)
    opened.clock.advance(60)
    const retried = await opened.send()

    const [first, second] = opened.attempts
    expect(second).toEqual({ ...first, isRetry: true })
    expect(retried).toMatchObject({ replayed: false, connectLink: { id: first?.linkId } })
    expect(await opened.send()).toMatchObject({ replayed: true, connectLink: { id: first?.linkId } })
    expect(opened.attempts).toHaveLength(2)
  })

  test('whose process was killed is taken over after 15 s, not before', async () => {
    const opened = await openCalls()
    void opened.send(() => new Promise(() => {}))
    await expect.poll(() => opened.attempts.length).toBe(1)
    opened.clock.advance(14.9)
    await expect(opened.send()).rejects.toMatchObject({ code: 'OPERATION_IN_PROGRESS' })
    await expect(opened.send(undefined, { input: { other: true } })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    })
    expect(opened.attempts).toHaveLength(1)

    opened.clock.advance(0.1)
    expect(await opened.send()).toMatchObject({ replayed: false })
    expect(opened.attempts.map(({ isRetry }) => isRetry)).toEqual([false, true])
  })

  test('that lost its lock and ends late does not release the key of the call that took it over', async () => {
    const opened = await openCalls()
    const rejections: ((error: Error) => void)[] = []
    const pending = () => new Promise<CreatedLink>((_, reject) => rejections.push(reject))
    const first = opened.send(pending)
    await expect.poll(() => rejections.length).toBe(1)
    opened.clock.advance(15)
    const second = opened.send(pending)
    await expect.poll(() => rejections.length).toBe(2)
    rejections[0]?.(unknownOutcome)
    await expect(first).rejects.toBe(unknownOutcome)

    await expect(opened.send()).rejects.toMatchObject({ code: 'OPERATION_IN_PROGRESS' })
    rejections[1]?.(unknownOutcome)
    await expect(second).rejects.toBe(unknownOutcome)
    expect(opened.attempts).toHaveLength(2)
  })

  test('of many concurrent calls after an unknown outcome, one retries and the others get its link', async () => {
    const opened = await openCalls(5_000)
    await expect(opened.send(failWith(unknownOutcome))).rejects.toBe(unknownOutcome)

    const results = await Promise.all(Array.from({ length: 10 }, () => opened.send()))

    expect(opened.attempts).toHaveLength(2)
    expect(results.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect(new Set(results.map(({ connectLink }) => connectLink.id)).size).toBe(1)
  })

  test('is the same call for any order of its input fields, and a conflict if a value differs', async () => {
    const opened = await openCalls()
    await opened.send()

    expect(await opened.send(undefined, { input: { b: 2, a: 1 } })).toMatchObject({ replayed: true })
    for (const input of [{ a: 1 }, { a: 2, b: 1 }, { a: 1, b: '2' }, { a: 1, b: 2, c: null }]) {
      await expect(opened.send(undefined, { input })).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
    }
  })

  test('of one end user is independent of the same key of another one and of the API key', async () => {
    const opened = await openCalls()
    for (const [index, as] of [viewer, endUser('user-1'), endUser('user-2')].entries())
      expect(await opened.send(undefined, { as, input: { index } })).toMatchObject({ replayed: false })
    expect(await opened.send(undefined, { as: endUser('user-2'), input: { index: 2 } })).toMatchObject({
      replayed: true,
    })
    expect(opened.attempts).toHaveLength(3)
  })

  test('that is rejected at a retry keeps the key, because the outcome of the first attempt is unknown', async () => {
    const opened = await openCalls()
    await expect(opened.send(failWith(unknownOutcome))).rejects.toBe(unknownOutcome)
    await expect(opened.send(failWith(rejected))).rejects.toBe(rejected)

    expect(rejected).toBeInstanceOf(GatewayError)
    expect(await keys(opened)).toHaveLength(1)
  })

  test('does not store its input in plain text', async () => {
    const opened = await openCalls()
    await opened.send(undefined, { input: { security: 'hunter2' } })

    expect(JSON.stringify(await keys(opened))).not.toContain('hunter2')
  })
})
