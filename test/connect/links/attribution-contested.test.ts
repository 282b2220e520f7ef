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

/** Links of two end users to one connector, which expire after a minute; one connection has appeared. */
async function openContested(opens: { readonly ofUser1: boolean; readonly ofUser2: boolean }) {
  const opened = await openConnect()
  opened.script.expiresAt = new Date(opened.clock.now().getTime() + 60_000)
  const ofUser2 = await opened.createLink('user-2')
  const ofUser1 = await opened.createLink('user-1')
  if (opens.ofUser1) await opened.open(ofUser1)
  if (opens.ofUser2) await opened.open(ofUser2)
  opened.script.check = async () => candidates('c1')
  return { ...opened, ofUser1, ofUser2 }
}

/** Advances the clock and polls every link that is due. */
async function pollAfter({ clock, poll }: OpenConnect, seconds: number): Promise<void> {
  clock.advance(seconds)
  await poll()
}

describe('one new connection and the links of two end users', () => {
  test.each([
    ['both', { ofUser1: true, ofUser2: true }],
    ['neither', { ofUser1: false, ofUser2: false }],
  ])('is not attributed if %s was opened, and both fail as AMBIGUOUS at their expiry', async (_, opens) => {
    const opened = await openContested(opens)
    const { ofUser1, ofUser2, link, history, owners } = opened
    const before = opens.ofUser1 ? 'OPENED' : 'CREATED'
    await pollAfter(opened, 30)
    expect([(await link(ofUser1)).status, (await link(ofUser2)).status]).toEqual([before, before])

    await pollAfter(opened, 30)

    for (const id of [ofUser1, ofUser2]) {
      expect(await link(id)).toMatchObject({ status: 'FAILED', connectionId: null, nextCheckAt: null })
      expect((await history(id)).at(-1)).toMatchObject({ toStatus: 'FAILED', reason: 'AMBIGUOUS' })
    }
    expect(await owners()).toEqual({})
  })

  test('is attributed to the only link that was opened', async () => {
    const opened = await openContested({ ofUser1: true, ofUser2: false })
    await pollAfter(opened, 30)
    expect(await opened.link(opened.ofUser1)).toMatchObject({ status: 'COMPLETED' })
    expect(await opened.link(opened.ofUser2)).toMatchObject({ status: 'CREATED' })
    expect(await opened.owners()).toEqual({ c1: 'user-1' })

    await pollAfter(opened, 30)
    expect(await opened.link(opened.ofUser2)).toMatchObject({ status: 'EXPIRED', connectionId: null })
  })

  test('is not attributed because the other link expired first', async () => {
    const opened = await openConnect()
    const { script, clock, createLink, link, owners } = opened
    script.expiresAt = new Date(clock.now().getTime() + 20_000)
    const ofUser2 = await createLink('user-2')
    script.expiresAt = new Date(clock.now().getTime() + 60_000)
    const ofUser1 = await createLink('user-1')
    await opened.open(ofUser2)
    await opened.open(ofUser1)
    script.check = async () => candidates('c1')

    await pollAfter(opened, 25)
    expect(await link(ofUser2)).toMatchObject({ status: 'FAILED' })
    expect(await link(ofUser1)).toMatchObject({ status: 'OPENED' })
    await pollAfter(opened, 40)

    expect(await link(ofUser1)).toMatchObject({ status: 'FAILED', connectionId: null })
    expect(await owners()).toEqual({})
  })

  test('is not attributed because one browser returned: a return can be forged', async () => {
    const opened = await openContested({ ofUser1: true, ofUser2: true })
    const { ofUser1, ofUser2, clock, db, link, script, owners } = opened
    const createdAt = clock.now()
    const browserReturn = {
      toStatus: 'AUTHORIZING',
      at: createdAt,
      source: 'BROWSER_RETURN',
      reason: null,
    } as const
    await db.transaction().execute((transaction) => transitionLink(transaction, ofUser1, browserReturn))
    script.check = async () => ({ kind: 'candidates', connections: [connection('c1', { createdAt })] })
    await pollAfter(opened, 30)

    expect([(await link(ofUser1)).status, (await link(ofUser2)).status]).toEqual(['AUTHORIZING', 'OPENED'])
    expect(await owners()).toEqual({})
  })

  test.each([
    ['is attributed to the link that was being visited when it was made', 1_801, 'COMPLETED'],
    ['is not attributed if both links were opened within half an hour', 1_799, 'OPENED'],
  ])('%s', async (_, secondsApart, status) => {
    const opened = await openConnect()
    const { clock, createLink, link, script } = opened
    const ofUser2 = await createLink('user-2')
    const ofUser1 = await createLink('user-1')
    await opened.open(ofUser2)
    clock.advance(secondsApart)
    await opened.open(ofUser1)
    const createdAt = clock.now()
    script.check = async () => ({ kind: 'candidates', connections: [connection('c1', { createdAt })] })
    await pollAfter(opened, 3)

    expect([(await link(ofUser1)).status, (await link(ofUser2)).status]).toEqual([status, 'OPENED'])
  })

  test('is attributed to the end user that the connection names', async () => {
    const opened = await openContested({ ofUser1: true, ofUser2: true })
    opened.script.check = async () => ({
      kind: 'candidates',
      connections: [connection('c1', { endUserId: 'user-1' })],
    })
    await pollAfter(opened, 30)

    expect(await opened.link(opened.ofUser1)).toMatchObject({ status: 'COMPLETED' })
    expect(await opened.link(opened.ofUser2)).toMatchObject({ status: 'OPENED' })
    expect(await opened.owners()).toEqual({ c1: 'user-1' })
  })

  test('is attributed to the only link without a connection after a late completion of the other one', async () => {
    const opened = await openConnect()
    const { script, clock, createLink, link, owners } = opened
    const appeared = new Date(clock.now().getTime() + 5_000)
    script.expiresAt = new Date(clock.now().getTime() + 20_000)
    const ofUser2 = await createLink('user-2')
    script.expiresAt = new Date(clock.now().getTime() + 600_000)
    const ofUser1 = await createLink('user-1')
    await opened.open(ofUser2)
    await opened.open(ofUser1)
    // The provider reports the other link as completed only after it has failed.
    script.check = async ({ linkId }) =>
      linkId === ofUser2 ? { kind: 'ended', status: 'FAILED', reason: 'WHY' } : { kind: 'open' }
    await pollAfter(opened, 10)
    script.check = async ({ linkId }) =>
      linkId === ofUser2
        ? { kind: 'completed', connection: connection('c2', { createdAt: appeared }) }
        : { kind: 'open' }
    await pollAfter(opened, 60)
    expect(await link(ofUser2)).toMatchObject({ status: 'FAILED', connectionId: expect.any(String) })

    const both = ['c1', 'c2'].map((id) => connection(id, { createdAt: appeared }))
    script.check = async () => ({ kind: 'candidates', connections: both })
    await pollAfter(opened, 60)

    expect(await link(ofUser1)).toMatchObject({ status: 'COMPLETED' })
    expect(await owners()).toEqual({ c1: 'user-1', c2: 'user-2' })
  })
})
