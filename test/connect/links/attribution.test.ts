import { beforeAll, describe, expect, test } from 'vitest'
import type { RemoteConnection } from '../../../src/providers/adapter.ts'
import { testDatabase } from '../../helpers/database.ts'
import { type OpenConnect, openConnect } from '../open.ts'
import { connection } from '../script.ts'

beforeAll(() => testDatabase())

/** Links of two end users to one connector, both opened. */
async function openTwoLinks() {
  const opened = await openConnect()
  opened.script.expiresAt = new Date(opened.clock.now().getTime() + 600_000)
  const alice = await opened.createLink('alice')
  const bob = await opened.createLink('bob')
  for (const id of [alice, bob]) await opened.open(id)
  return { ...opened, alice, bob }
}

/** The provider lists these connections as new; `createdAt`: now. */
function list({ script, clock }: OpenConnect, ...connections: readonly RemoteConnection[]) {
  const listed = connections.map((one) => ({ ...one, createdAt: one.createdAt ?? clock.now() }))
  script.check = async () => ({ kind: 'candidates', connections: listed })
}

/** Advances the clock and polls every link that is due. */
async function pollAfter({ clock, poll }: OpenConnect, seconds: number): Promise<void> {
  clock.advance(seconds)
  await poll()
}

describe('a connection for which the provider names neither link nor end user', () => {
  test('does not complete a link that was opened, even if it is the only one', async () => {
    const opened = await openConnect()
    const alice = await opened.createLink('alice')
    await opened.open(alice)
    opened.clock.advance(5)
    list(opened, connection('c1'))
    for (const seconds of [3, 60, 600]) await pollAfter(opened, seconds)

    expect(await opened.link(alice)).toMatchObject({ status: 'OPENED', connectionId: null })
    expect(await opened.owners()).toEqual({})
  })

  test('belongs to the end user whose browser returned when it was made', async () => {
    const opened = await openTwoLinks()
    opened.clock.advance(20)
    list(opened, connection('c1'))
    await opened.returnFromProvider(opened.bob)
    await pollAfter(opened, 3)

    expect(await opened.link(opened.bob)).toMatchObject({ status: 'COMPLETED' })
    expect(await opened.link(opened.alice)).toMatchObject({ status: 'OPENED', connectionId: null })
    expect(await opened.owners()).toEqual({ c1: 'bob' })
    const rows = await opened.db.selectFrom('connections').select('ownerEvidence').execute()
    expect(rows).toEqual([{ ownerEvidence: 'RETURN' }])
  })

  test.each([-300, -90, 0, 90, 300])(
    'belongs to no end user if its own does not return, with a clock of the provider off by %i s',
    async (offsetSeconds) => {
      const opened = await openTwoLinks()
      const { clock, clocks, provider } = opened
      const providerNow = () => new Date(clock.now().getTime() + offsetSeconds * 1000)
      const dateHeader = providerNow().toUTCString()
      clocks.observe(provider.accountKey, { dateHeader, sentAt: clock.now(), receivedAt: clock.now() })
      clock.advance(20)
      // Bob approves and closes the tab. Alice denies, or waits.
      list(opened, connection('bobs', { createdAt: providerNow() }))
      for (const seconds of [3, 30, 300]) await pollAfter(opened, seconds)
      expect((await opened.link(opened.alice)).status).toBe('OPENED')
      expect(await opened.owners()).toEqual({})

      // Then Alice approves and returns.
      list(
        opened,
        connection('bobs', { createdAt: new Date(providerNow().getTime() - 333_000) }),
        connection('alices', { createdAt: providerNow() }),
      )
      await opened.returnFromProvider(opened.alice)
      await pollAfter(opened, 12)
      expect(await opened.link(opened.alice)).toMatchObject({ status: 'COMPLETED' })
      expect(await opened.owners()).toEqual({ alices: 'alice' })
    },
  )

  test('belongs to no end user if a return was long before it', async () => {
    const opened = await openTwoLinks()
    await opened.returnFromProvider(opened.alice)
    opened.clock.advance(5)
    list(opened, connection('c1'))
    for (const seconds of [3, 30, 60]) await pollAfter(opened, seconds)

    expect((await opened.link(opened.alice)).status).toBe('AUTHORIZING')
    expect(await opened.owners()).toEqual({})
  })

  test('counts the first return only: a reload of the return URL is no evidence', async () => {
    const opened = await openTwoLinks()
    await opened.returnFromProvider(opened.alice)
    opened.clock.advance(120)
    list(opened, connection('c1'))
    await opened.returnFromProvider(opened.alice)
    await pollAfter(opened, 12)

    expect(await opened.owners()).toEqual({})
  })

  test('belongs to the one that returned, although another end user has an idle open link', async () => {
    const opened = await openTwoLinks()
    opened.clock.advance(30)
    list(opened, connection('c1'))
    await opened.returnFromProvider(opened.alice)
    await pollAfter(opened, 3)

    expect(await opened.owners()).toEqual({ c1: 'alice' })
    await pollAfter(opened, 700)
    expect(await opened.link(opened.bob)).toMatchObject({ status: 'EXPIRED' })
  })

  test('is AMBIGUOUS if two were made before two returns; the links stay open, and unopened ones do not change', async () => {
    const opened = await openTwoLinks()
    const unopened = await opened.createLink('carol')
    opened.clock.advance(30)
    list(opened, connection('c1'), connection('c2'))
    for (const id of [opened.alice, opened.bob]) await opened.returnFromProvider(id)
    await pollAfter(opened, 3)
    expect((await opened.history(opened.alice)).at(-1)).toMatchObject({ failureCode: null })

    for (const seconds of [61, 61]) await pollAfter(opened, seconds)

    for (const id of [opened.alice, opened.bob]) {
      expect(await opened.link(id)).toMatchObject({ status: 'AUTHORIZING', connectionId: null })
      const failures = (await opened.history(id)).filter(({ failureCode }) => failureCode !== null)
      expect(failures[0]).toMatchObject({ failureCode: 'AMBIGUOUS', toStatus: 'AUTHORIZING' })
    }
    expect(await opened.history(unopened)).toEqual([])
    expect(await opened.owners()).toEqual({})
  })

  test('is not given to a link whose end user it was taken from by an assignment', async () => {
    const opened = await openTwoLinks()
    opened.clock.advance(5)
    list(opened, connection('c1'))
    await opened.saveConnection(connection('c1'), { endUserId: 'carol' })
    await opened.returnFromProvider(opened.alice)
    await pollAfter(opened, 3)

    expect(await opened.link(opened.alice)).toMatchObject({ status: 'AUTHORIZING', connectionId: null })
    expect(await opened.owners()).toEqual({ c1: 'carol' })
  })

  test('without a creation time, is the return’s only if it was not listed long before', async () => {
    const opened = await openTwoLinks()
    const { script, clock } = opened
    script.check = async () => ({ kind: 'candidates', connections: [connection('old'), connection('new')] })
    await opened.saveConnection(connection('old'))
    clock.advance(90)
    await opened.returnFromProvider(opened.alice)
    await pollAfter(opened, 3)

    expect(await opened.owners()).toEqual({ old: null, new: 'alice' })
  })
})

describe('a connection that names its end user', () => {
  test('completes the link of this end user, without a return', async () => {
    const opened = await openTwoLinks()
    list(opened, connection('c1', { endUserId: 'alice' }))
    await pollAfter(opened, 30)

    expect(await opened.link(opened.alice)).toMatchObject({ status: 'COMPLETED' })
    expect(await opened.link(opened.bob)).toMatchObject({ status: 'OPENED' })
    expect(await opened.owners()).toEqual({ c1: 'alice' })
  })

  test('completes the newer of two links of the end user, unless only the older one has returned', async () => {
    const opened = await openConnect()
    const older = await opened.createLink('alice')
    opened.clock.advance(1)
    const newer = await opened.createLink('alice')
    list(opened, connection('c1', { endUserId: 'alice' }))
    expect(await opened.refreshLink(older)).toMatchObject({ status: 'CREATED' })
    expect(await opened.refreshLink(newer)).toMatchObject({ status: 'COMPLETED' })

    const newest = await opened.createLink('alice')
    opened.clock.advance(20)
    list(opened, connection('c2', { endUserId: 'alice' }))
    await opened.returnFromProvider(older)
    expect(await opened.refreshLink(older)).toMatchObject({ status: 'COMPLETED' })
    expect(await opened.link(newest)).toMatchObject({ status: 'CREATED', connectionId: null })
  })

  test('does not complete a link with one of two new ones, unless a return identifies it', async () => {
    const opened = await openConnect()
    const id = await opened.createLink('alice')
    const [first, second] = ['c1', 'c2'].map((remoteId) => connection(remoteId, { endUserId: 'alice' }))
    const firstAt = opened.clock.now()
    opened.clock.advance(100)
    if (first && second) list(opened, { ...first, createdAt: firstAt }, second)
    expect(await opened.refreshLink(id)).toMatchObject({ status: 'CREATED' })

    await opened.returnFromProvider(id)
    expect(await opened.refreshLink(id)).toMatchObject({ status: 'COMPLETED' })
    const rows = await opened.db.selectFrom('connections').select(['id', 'remoteId']).execute()
    expect(rows).toEqual([{ id: (await opened.link(id)).connectionId, remoteId: 'c2' }])
  })
})

test('a link of another connector takes no part', async () => {
  const opened = await openConnect()
  const alice = await opened.createLink('alice')
  const other = await opened.createLink('bob', 'github')
  opened.clock.advance(10)
  list(opened, connection('c1'))
  const check = opened.script.check
  opened.script.check = async (link) => (link.linkId === alice ? check(link) : { kind: 'open' })
  for (const id of [alice, other]) await opened.returnFromProvider(id)
  await pollAfter(opened, 3)

  expect(await opened.link(alice)).toMatchObject({ status: 'COMPLETED' })
  expect(await opened.link(other)).toMatchObject({ status: 'AUTHORIZING' })
})
