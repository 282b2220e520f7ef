import { beforeAll, describe, expect, test } from 'vitest'
import { transitionLink } from '../../../src/connect/links/transition-link.ts'
import type { LinkProgress } from '../../../src/providers/adapter.ts'
import { testDatabase } from '../../helpers/database.ts'
import { type OpenConnect, openConnect } from '../open.ts'
import { connection } from '../script.ts'

beforeAll(() => testDatabase())

const candidates = (...ids: readonly string[]): LinkProgress => ({
  kind: 'candidates',
  connections: ids.map((id) => connection(id)),
})

/** Two people's links to one connector, which end after a minute; one connection has appeared. */
async function twoPeople(wentThrough: { readonly mine: boolean; readonly theirs: boolean }) {
  const opened = await openConnect()
  opened.script.expiresAt = new Date(opened.clock.now().getTime() + 60_000)
  const theirs = await opened.createLink('user-2')
  const mine = await opened.createLink('user-1')
  if (wentThrough.mine) await opened.open(mine)
  if (wentThrough.theirs) await opened.open(theirs)
  opened.script.check = async () => candidates('c1')
  return { ...opened, mine, theirs }
}

/** Everything that is due is asked about. */
async function pollAt({ clock, poll }: OpenConnect, seconds: number): Promise<void> {
  clock.advance(seconds)
  await poll()
}

describe('one new connection and the links of two people', () => {
  test.each([
    ['both have', { mine: true, theirs: true }],
    ['neither has', { mine: false, theirs: false }],
  ])('is given to nobody where %s been opened, and both end as ambiguous at their end', async (_, who) => {
    const opened = await twoPeople(who)
    const { mine, theirs, link, history, owners } = opened
    const before = who.mine ? 'OPENED' : 'CREATED'
    await pollAt(opened, 30)
    expect([(await link(mine)).status, (await link(theirs)).status]).toEqual([before, before])

    await pollAt(opened, 30)

    for (const id of [mine, theirs]) {
      expect(await link(id)).toMatchObject({ status: 'FAILED', connectionId: null, nextCheckAt: null })
      expect((await history(id)).at(-1)).toMatchObject({ toStatus: 'FAILED', reason: 'AMBIGUOUS' })
    }
    expect(await owners()).toEqual({})
  })

  test('goes to the one who went through the link', async () => {
    const opened = await twoPeople({ mine: true, theirs: false })
    await pollAt(opened, 30)
    expect(await opened.link(opened.mine)).toMatchObject({ status: 'COMPLETED' })
    expect(await opened.link(opened.theirs)).toMatchObject({ status: 'CREATED' })
    expect(await opened.owners()).toEqual({ c1: 'user-1' })

    await pollAt(opened, 30)
    expect(await opened.link(opened.theirs)).toMatchObject({ status: 'EXPIRED', connectionId: null })
  })

  test('is not given away because the other link has ended before its own', async () => {
    const opened = await openConnect()
    const { script, clock, createLink, link, owners } = opened
    script.expiresAt = new Date(clock.now().getTime() + 20_000)
    const theirs = await createLink('user-2')
    script.expiresAt = new Date(clock.now().getTime() + 60_000)
    const mine = await createLink('user-1')
    await opened.open(theirs)
    await opened.open(mine)
    script.check = async () => candidates('c1')

    await pollAt(opened, 25)
    expect(await link(theirs)).toMatchObject({ status: 'FAILED' })
    expect(await link(mine)).toMatchObject({ status: 'OPENED' })
    await pollAt(opened, 40)

    expect(await link(mine)).toMatchObject({ status: 'FAILED', connectionId: null })
    expect(await owners()).toEqual({})
  })

  test('is given to nobody because one of them came back, which anybody can pretend', async () => {
    const opened = await twoPeople({ mine: true, theirs: true })
    const { mine, theirs, clock, db, link, script, owners } = opened
    const createdAt = clock.now()
    const back = { toStatus: 'AUTHORIZING', at: createdAt, source: 'BROWSER_RETURN', reason: null } as const
    await db.transaction().execute((transaction) => transitionLink(transaction, mine, back))
    script.check = async () => ({ kind: 'candidates', connections: [connection('c1', { createdAt })] })
    await pollAt(opened, 30)

    expect([(await link(mine)).status, (await link(theirs)).status]).toEqual(['AUTHORIZING', 'OPENED'])
    expect(await owners()).toEqual({})
  })

  test.each([
    ['goes to the one who was on the way when it was made', 1_801, 'COMPLETED'],
    ['is given to nobody while both were on the way within half an hour', 1_799, 'OPENED'],
  ])('%s', async (_, secondsApart, status) => {
    const opened = await openConnect()
    const { clock, createLink, link, script } = opened
    const theirs = await createLink('user-2')
    const mine = await createLink('user-1')
    await opened.open(theirs)
    clock.advance(secondsApart)
    await opened.open(mine)
    const createdAt = clock.now()
    script.check = async () => ({ kind: 'candidates', connections: [connection('c1', { createdAt })] })
    await pollAt(opened, 3)

    expect([(await link(mine)).status, (await link(theirs)).status]).toEqual([status, 'OPENED'])
  })

  test('goes to the one whom the connection itself names', async () => {
    const opened = await twoPeople({ mine: true, theirs: true })
    opened.script.check = async () => ({
      kind: 'candidates',
      connections: [connection('c1', { endUserId: 'user-1' })],
    })
    await pollAt(opened, 30)

    expect(await opened.link(opened.mine)).toMatchObject({ status: 'COMPLETED' })
    expect(await opened.link(opened.theirs)).toMatchObject({ status: 'OPENED' })
    expect(await opened.owners()).toEqual({ c1: 'user-1' })
  })

  test('goes to the only one who has none yet, when the other got theirs too late', async () => {
    const opened = await openConnect()
    const { script, clock, createLink, link, owners } = opened
    const appeared = new Date(clock.now().getTime() + 5_000)
    script.expiresAt = new Date(clock.now().getTime() + 20_000)
    const theirs = await createLink('user-2')
    script.expiresAt = new Date(clock.now().getTime() + 600_000)
    const mine = await createLink('user-1')
    await opened.open(theirs)
    await opened.open(mine)
    // Theirs is said to be finished only after it has failed.
    script.check = async ({ linkId }) =>
      linkId === theirs ? { kind: 'ended', status: 'FAILED', reason: 'WHY' } : { kind: 'open' }
    await pollAt(opened, 10)
    script.check = async ({ linkId }) =>
      linkId === theirs
        ? { kind: 'completed', connection: connection('c2', { createdAt: appeared }) }
        : { kind: 'open' }
    await pollAt(opened, 60)
    expect(await link(theirs)).toMatchObject({ status: 'FAILED', connectionId: expect.any(String) })

    const both = ['c1', 'c2'].map((id) => connection(id, { createdAt: appeared }))
    script.check = async () => ({ kind: 'candidates', connections: both })
    await pollAt(opened, 60)

    expect(await link(mine)).toMatchObject({ status: 'COMPLETED' })
    expect(await owners()).toEqual({ c1: 'user-1', c2: 'user-2' })
  })
})
