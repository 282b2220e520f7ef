import { beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../helpers/database.ts'
import { addLink } from '../../store/rows.ts'
import { openConnect } from '../open.ts'
import { connection } from '../script.ts'

beforeAll(() => testDatabase())

const linksPerRound = 50

/** A fake provider that records the checks of each round and completes the links whose ID is in `approved`. */
async function openCounting() {
  const opened = await openConnect()
  const { db, clock, provider } = opened
  const approved = new Set<string>()
  let checked: string[] = []
  opened.script.check = async ({ linkId }) => {
    checked.push(linkId)
    return approved.has(linkId) ? { kind: 'completed', connection: connection(linkId) } : { kind: 'open' }
  }
  return {
    ...opened,
    approved,
    /** Stores an open link whose first check is due in two seconds. */
    async addOpen(endUserId: string, { isOpened }: { isOpened: boolean }): Promise<string> {
      const { accountKey } = provider
      const nextCheckAt = new Date(clock.now().getTime() + 2_000)
      const opening = isOpened ? ({ status: 'OPENED', openedAt: clock.now() } as const) : {}
      return (await addLink(db, { accountKey, endUserId, nextCheckAt, ...opening })).id
    },
    /** Runs one round; returns the links that were checked in it. */
    async round(): Promise<readonly string[]> {
      checked = []
      await opened.poll()
      return checked
    },
  }
}

describe('465 open links of one end user', () => {
  test.each([
    ['opened', true],
    ['not opened', false],
  ])('that are %s do not delay the approved link of another one', async (_, isOpened) => {
    const { clock, addOpen, createLink, open, approved, round, link } = await openCounting()
    for (let index = 0; index < 465; index += 1) await addOpen('alice', { isOpened })
    clock.advance(1)
    const ofBob = await createLink('bob')
    await open(ofBob)
    approved.add(ofBob)
    clock.advance(3)

    const checked = await round()
    expect(checked.length).toBeLessThanOrEqual(linksPerRound + 1)
    expect(checked).toContain(ofBob)
    expect(await link(ofBob)).toMatchObject({ status: 'COMPLETED' })
  })

  test('are all checked, in as many rounds as they fill', async () => {
    const { clock, addOpen, round } = await openCounting()
    const ids = new Set<string>()
    while (ids.size < 465) ids.add(await addOpen('alice', { isOpened: false }))
    clock.advance(3)
    const checked = new Set<string>()
    for (let rounds = 0; rounds < Math.ceil(465 / linksPerRound); rounds += 1)
      for (const id of await round()) checked.add(id)
    expect(checked).toEqual(ids)
  })
})

test('links that their end users have just opened do not keep the others from being checked', async () => {
  const { clock, addOpen, round } = await openCounting()
  const idle = await addOpen('idle', { isOpened: false })
  for (let index = 0; index < 2 * linksPerRound; index += 1)
    await addOpen(`active-${index}`, { isOpened: true })
  clock.advance(10)
  const checked = await round()
  expect(checked).toHaveLength(linksPerRound + 1)
  expect(checked).toContain(idle)
})

test('links that their end users have just opened are checked within 5 s, however many others are due', async () => {
  const { clock, addOpen, round } = await openCounting()
  for (let index = 0; index < 200; index += 1) await addOpen(`idle-${index}`, { isOpened: false })
  clock.advance(3)
  for (let second = 0; second < 20; second += 1) {
    clock.advance(1)
    await round()
  }
  const opened = new Set<string>()
  while (opened.size < 20) opened.add(await addOpen(`active-${opened.size}`, { isOpened: true }))
  // Their first check is due after two seconds.
  for (let second = 0; second < 5; second += 1) {
    clock.advance(1)
    for (const id of await round()) opened.delete(id)
  }
  expect(opened).toEqual(new Set())
})
