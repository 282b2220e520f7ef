import { beforeAll, describe, expect, test } from 'vitest'
import { disconnectConnection } from '../../../src/connect/connections/disconnect.ts'
import { applyRetention } from '../../../src/connect/jobs/retention.ts'
import { findLinks } from '../../../src/store/connect-links.ts'
import { historyOf } from '../../../src/store/link-history.ts'
import { testDatabase } from '../../helpers/database.ts'
import { openConnect, viewer } from '../open.ts'
import { connection } from '../script.ts'

beforeAll(() => testDatabase())

const day = 86_400

describe('what is old', () => {
  test.each(['COMPLETED', 'FAILED', 'EXPIRED'] as const)(
    'a link that ended as %s is forgotten with its history after 90 days, and not before',
    async (status) => {
      const { context, script, clock, createLink, settled, db } = await openConnect()
      const id = await createLink('user-1')
      if (status === 'COMPLETED')
        script.check = async () => ({ kind: 'completed', connection: connection('c1') })
      if (status === 'FAILED') script.check = async () => ({ kind: 'ended', status, reason: 'WHY' })
      if (status === 'EXPIRED') clock.advance(day)
      expect(await settled(id)).toMatchObject({ status })

      clock.advance(90 * day)
      await applyRetention(context)
      expect(await findLinks(db, [id])).toMatchObject([{ status }])
      expect(await historyOf(db, [id])).toHaveLength(2)
      clock.advance(1)
      await applyRetention(context)

      expect(await findLinks(db, [id])).toEqual([])
      expect(await historyOf(db, [id])).toEqual([])
    },
  )

  test('an open link is never forgotten', async () => {
    const { context, clock, createLink, link } = await openConnect()
    const ids = [await createLink('user-1'), await createLink('user-2')]
    clock.advance(1000 * day)
    await applyRetention(context)

    for (const id of ids) expect(await link(id)).toMatchObject({ status: 'CREATED' })
  })

  test('a connection that is gone is forgotten 90 days later, and one that is there never', async () => {
    const { context, script, clock, createLink, settled, owners } = await openConnect(['disconnect'])
    const made: string[] = []
    for (const remoteId of ['gone', 'there']) {
      const id = await createLink('user-1')
      script.check = async ({ linkId }) =>
        linkId === id ? { kind: 'completed', connection: connection(remoteId) } : { kind: 'open' }
      made.push((await settled(id)).connectionId ?? '')
    }
    clock.advance(1000 * day)
    await disconnectConnection(context, viewer, made[0] ?? '')

    clock.advance(90 * day)
    await applyRetention(context)
    expect(Object.keys(await owners()).toSorted()).toEqual(['gone', 'there'])
    clock.advance(1)
    await applyRetention(context)

    expect(Object.keys(await owners())).toEqual(['there'])
  })

  test('the operator says how long', async () => {
    const { context, script, clock, createLink, settled, db } = await openConnect()
    const id = await createLink('user-1')
    script.check = async () => ({ kind: 'ended', status: 'FAILED', reason: 'WHY' })
    await settled(id)
    clock.advance(7 * day + 1)
    await applyRetention({ ...context, retentionDays: 8 })
    expect(await findLinks(db, [id])).toHaveLength(1)
    await applyRetention({ ...context, retentionDays: 7 })

    expect(await findLinks(db, [id])).toEqual([])
  })
})
