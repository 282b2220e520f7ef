import { sql } from 'kysely'
import { beforeAll, describe, expect, test } from 'vitest'
import { disconnectConnection } from '../../../src/connect/connections/disconnect.ts'
import { applyRetention } from '../../../src/connect/jobs/retention.ts'
import { sealAuditEvents } from '../../../src/store/audit-chain.ts'
import { verifyAuditChain } from '../../../src/store/audit-verification.ts'
import { findLinks } from '../../../src/store/connect-links.ts'
import { findTransitions } from '../../../src/store/link-history.ts'
import { testDatabase } from '../../helpers/database.ts'
import { openConnect, viewer } from '../open.ts'
import { connection, failedProgress } from '../script.ts'

beforeAll(() => testDatabase())

const day = 86_400

describe('applyRetention', () => {
  test.each(['COMPLETED', 'FAILED', 'EXPIRED'] as const)(
    'deletes a link that ended as %s with its history after 90 days, not before',
    async (status) => {
      const { context, script, clock, createLink, refreshLink, db } = await openConnect()
      const id = await createLink('user-1')
      if (status === 'COMPLETED')
        script.check = async () => ({ kind: 'completed', connection: connection('c1') })
      if (status === 'FAILED') script.check = async () => failedProgress('WHY')
      if (status === 'EXPIRED') clock.advance(day)
      expect(await refreshLink(id)).toMatchObject({ status })

      clock.advance(90 * day)
      await applyRetention(context)
      expect(await findLinks(db, [id])).toMatchObject([{ status }])
      expect(await findTransitions(db, [id])).toHaveLength(2)
      clock.advance(1)
      await applyRetention(context)

      expect(await findLinks(db, [id])).toEqual([])
      expect(await findTransitions(db, [id])).toEqual([])
    },
  )

  test('never deletes an open link', async () => {
    const { context, clock, createLink, link } = await openConnect()
    const ids = [await createLink('user-1'), await createLink('user-2')]
    clock.advance(1000 * day)
    await applyRetention(context)

    for (const id of ids) expect(await link(id)).toMatchObject({ status: 'CREATED' })
  })

  test('deletes a disconnected connection 90 days later, and never an active one', async () => {
    const { context, script, clock, createLink, refreshLink, owners } = await openConnect(['disconnect'])
    const connectionIds: string[] = []
    for (const remoteId of ['disconnected', 'active']) {
      const id = await createLink('user-1')
      script.check = async ({ linkId }) =>
        linkId === id ? { kind: 'completed', connection: connection(remoteId) } : { kind: 'open' }
      connectionIds.push((await refreshLink(id)).connectionId ?? '')
    }
    clock.advance(1000 * day)
    await disconnectConnection(context, viewer, connectionIds[0] ?? '')

    clock.advance(90 * day)
    await applyRetention(context)
    expect(Object.keys(await owners()).toSorted()).toEqual(['active', 'disconnected'])
    clock.advance(1)
    await applyRetention(context)

    expect(Object.keys(await owners())).toEqual(['active'])
  })

  test('deletes after `retentionDays`', async () => {
    const { context, script, clock, createLink, refreshLink, db } = await openConnect()
    const id = await createLink('user-1')
    script.check = async () => failedProgress('WHY')
    await refreshLink(id)
    clock.advance(7 * day + 1)
    await applyRetention({ ...context, retentionDays: 8 })
    expect(await findLinks(db, [id])).toHaveLength(1)
    await applyRetention({ ...context, retentionDays: 7 })

    expect(await findLinks(db, [id])).toEqual([])
  })

  test('deletes audit events after `auditRetentionDays`, and the hash chain of the others verifies', async () => {
    const { context, clock, createLink, db } = await openConnect()
    await createLink('user-1')
    clock.advance(1)
    await createLink('user-2')
    await sealAuditEvents(db)
    clock.advance(365 * day - 1)
    await applyRetention(context)
    expect(await verifyAuditChain(db)).toMatchObject({ events: 2, problem: null })
    clock.advance(1)
    await applyRetention(context)
    expect(await verifyAuditChain(db)).toMatchObject({ events: 1, problem: null })
    await applyRetention({ ...context, auditRetentionDays: 364 })
    expect(await verifyAuditChain(db)).toMatchObject({ events: 0, trimmed: { number: 2 }, problem: null })
  })

  test('deletes at most 1,000 rows in a statement, and all of them in the end', async () => {
    const { context, clock, db } = await openConnect()
    const expired = sql`insert into idempotency_keys (operation, key, fingerprint, link_id, reserved_at, expires_at)
      select 'createConnectLink', n::text, '', gen_random_uuid(), ${clock.now()}, ${clock.now()}
      from generate_series(1, 2500) n`
    await expired.execute(db)
    const deleted: bigint[] = []
    const counting = db.withPlugin({
      transformQuery: ({ node }) => node,
      async transformResult({ result }) {
        deleted.push(result.numAffectedRows ?? 0n)
        return result
      },
    })
    await applyRetention({ ...context, db: counting })

    expect(deleted.filter((rows) => rows > 0n)).toEqual([1000n, 1000n, 500n])
  })
})
