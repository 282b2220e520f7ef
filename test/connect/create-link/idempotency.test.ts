import { beforeAll, describe, expect, test } from 'vitest'
import { withIdempotencyKey } from '../../../src/connect/create-link/idempotency.ts'
import type { CreatedLink } from '../../../src/connect/create-link/warnings.ts'
import { GatewayError, ProviderError } from '../../../src/domain/errors.ts'
import type { Viewer } from '../../../src/domain/viewer.ts'
import { type Reservation, storeResponse } from '../../../src/store/idempotency-keys.ts'
import { testDatabase } from '../../helpers/database.ts'
import { addLink } from '../../store/rows.ts'
import { type OpenConnect, openConnect, viewer } from '../open.ts'

beforeAll(() => testDatabase())

const endUser = (id: string): Viewer => ({
  ...viewer,
  kind: 'END_USER',
  endUser: { id, name: null, email: null },
})

const lost = new ProviderError('FIVETRAN', 'PROVIDER_TIMEOUT', 'No answer.', { mayHaveActed: true })
const refused = new ProviderError('FIVETRAN', 'PROVIDER_REJECTED', 'No.')

/** Calls under one key, and what each attempt was told. */
async function calls(maxWaitMs = 25) {
  const opened = await openConnect()
  const context = { ...opened.context, maxWaitMs }
  const attempts: Reservation[] = []

  async function finish(reservation: Reservation): Promise<CreatedLink> {
    const connectLink = await addLink(opened.db, { id: reservation.linkId })
    await storeResponse(opened.db, reservation, { warnings: [] })
    return { connectLink, replayed: false, warnings: [] }
  }
  const ask = (
    outcome: (reservation: Reservation) => Promise<CreatedLink> = finish,
    { who = viewer, input = { a: 1, b: 2 } }: { who?: Viewer; input?: object } = {},
  ) =>
    withIdempotencyKey(
      context,
      { operation: 'createConnectLink', key: 'k', viewer: who, input },
      (reservation) => {
        if (reservation === null) throw new Error('the call has a key')
        attempts.push(reservation)
        return outcome(reservation)
      },
    )
  return { ...opened, attempts, ask, finish }
}

const fails = (error: Error) => async (): Promise<CreatedLink> => {
  throw error
}

const keys = ({ db }: OpenConnect) => db.selectFrom('idempotencyKeys').selectAll().execute()

describe('a call under a key', () => {
  test('that was refused frees the key: the next one is a first attempt again', async () => {
    const here = await calls()
    await expect(here.ask(fails(refused))).rejects.toBe(refused)
    expect(await keys(here)).toEqual([])
    await here.ask()

    expect(here.attempts.map(({ isRetry }) => isRetry)).toEqual([false, false])
    expect(here.attempts[1]?.linkId).not.toBe(here.attempts[0]?.linkId)
  })

  test.each([
    ['whose outcome nobody knows', lost],
    ['that failed unexpectedly', new Error('a bug')],
  ])('%s leaves the key to an attempt that is told so, for the same link', async (_, error) => {
    const here = await calls()
    await expect(here.ask(fails(error))).rejects.toBe(error)
    here.clock.advance(60)
    const made = await here.ask()

    const [first, second] = here.attempts
    expect(second).toEqual({ ...first, isRetry: true })
    expect(made).toMatchObject({ replayed: false, connectLink: { id: first?.linkId } })
    expect(await here.ask()).toMatchObject({ replayed: true, connectLink: { id: first?.linkId } })
    expect(here.attempts).toHaveLength(2)
  })

  test('whose process was killed is taken over after fifteen seconds, and not before', async () => {
    const here = await calls()
    void here.ask(() => new Promise(() => {}))
    await expect.poll(() => here.attempts.length).toBe(1)
    here.clock.advance(14.9)
    await expect(here.ask()).rejects.toMatchObject({ code: 'OPERATION_IN_PROGRESS' })
    await expect(here.ask(undefined, { input: { other: true } })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_CONFLICT',
    })
    expect(here.attempts).toHaveLength(1)

    here.clock.advance(0.1)
    expect(await here.ask()).toMatchObject({ replayed: false })
    expect(here.attempts.map(({ isRetry }) => isRetry)).toEqual([false, true])
  })

  test('that was silent for too long and ends late does not free the key of the one that took it over', async () => {
    const here = await calls()
    const ends: ((error: Error) => void)[] = []
    const held = () => new Promise<CreatedLink>((_, reject) => ends.push(reject))
    const first = here.ask(held)
    await expect.poll(() => ends.length).toBe(1)
    here.clock.advance(15)
    const second = here.ask(held)
    await expect.poll(() => ends.length).toBe(2)
    ends[0]?.(lost)
    await expect(first).rejects.toBe(lost)

    await expect(here.ask()).rejects.toMatchObject({ code: 'OPERATION_IN_PROGRESS' })
    ends[1]?.(lost)
    await expect(second).rejects.toBe(lost)
    expect(here.attempts).toHaveLength(2)
  })

  test('of many at once after a lost one, one tries again and the others get its link', async () => {
    const here = await calls(5_000)
    await expect(here.ask(fails(lost))).rejects.toBe(lost)

    const made = await Promise.all(Array.from({ length: 10 }, () => here.ask()))

    expect(here.attempts).toHaveLength(2)
    expect(made.filter(({ replayed }) => !replayed)).toHaveLength(1)
    expect(new Set(made.map(({ connectLink }) => connectLink.id)).size).toBe(1)
  })

  test('is the same whatever the order of its input, and another one when a value differs', async () => {
    const here = await calls()
    await here.ask()

    expect(await here.ask(undefined, { input: { b: 2, a: 1 } })).toMatchObject({ replayed: true })
    for (const input of [{ a: 1 }, { a: 2, b: 1 }, { a: 1, b: '2' }, { a: 1, b: 2, c: null }]) {
      await expect(here.ask(undefined, { input })).rejects.toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
    }
  })

  test('of one end user has nothing to do with the same key of another, or of the application', async () => {
    const here = await calls()
    for (const [index, who] of [viewer, endUser('user-1'), endUser('user-2')].entries())
      expect(await here.ask(undefined, { who, input: { index } })).toMatchObject({ replayed: false })
    expect(await here.ask(undefined, { who: endUser('user-2'), input: { index: 2 } })).toMatchObject({
      replayed: true,
    })
    expect(here.attempts).toHaveLength(3)
  })

  test('that is refused at a later attempt stays taken, since nobody knows what the first one did', async () => {
    const here = await calls()
    await expect(here.ask(fails(lost))).rejects.toBe(lost)
    await expect(here.ask(fails(refused))).rejects.toBe(refused)

    expect(refused).toBeInstanceOf(GatewayError)
    expect(await keys(here)).toHaveLength(1)
  })

  test('keeps nothing of its input that can be read', async () => {
    const here = await calls()
    await here.ask(undefined, { input: { security: 'hunter2' } })

    expect(JSON.stringify(await keys(here))).not.toContain('hunter2')
  })
})
