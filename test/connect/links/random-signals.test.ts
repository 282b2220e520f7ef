import { beforeAll, describe, expect, test } from 'vitest'
import { type Reconciliation, reconcileLink } from '../../../src/connect/links/reconcile-link.ts'
import { canTransition } from '../../../src/connect/links/status.ts'
import { type TransitionRequest, transitionLink } from '../../../src/connect/links/transition-link.ts'
import type { LinkStatus } from '../../../src/domain/statuses.ts'
import type { LinkProgress } from '../../../src/providers/adapter.ts'
import { findTransitions } from '../../../src/store/link-history.ts'
import { testDatabase } from '../../helpers/database.ts'
import { newSeed, type Random, randomFrom } from '../../helpers/random.ts'
import { call, type OpenConnect, openConnect } from '../open.ts'
import { connection, failedProgress } from '../script.ts'

beforeAll(() => testDatabase())

const statuses = ['CREATED', 'OPENED', 'AUTHORIZING', 'FAILED', 'EXPIRED', 'REVOKED', 'SUPERSEDED'] as const

/** A requested transition, or an answer of the provider. */
type Signal = { readonly to: (typeof statuses)[number] } | { readonly progress: LinkProgress }

function randomSignal(random: Random, remoteId: string): Signal {
  if (random.below(2) === 0) return { to: random.pick(statuses) }
  const connections = [connection(remoteId)]
  return {
    progress: random.pick<LinkProgress>([
      { kind: 'open' },
      { kind: 'open', failedAttempt: { code: 'UNKNOWN', message: null } },
      { kind: 'completed', connection: connection(remoteId) },
      { kind: 'candidates', connections },
      failedProgress('WHY'),
      { kind: 'ended', status: 'EXPIRED', reason: 'WHY' },
    ]),
  }
}

async function apply(opened: OpenConnect, id: string, signal: Signal): Promise<void> {
  const { db, clock, context, provider } = opened
  if ('to' in signal) {
    const step: TransitionRequest = { toStatus: signal.to, at: clock.now(), source: 'API_CALL', reason: null }
    await db.transaction().execute((transaction) => transitionLink(transaction, id, step))
    return
  }
  const link = await opened.link(id)
  const { progress } = signal
  const reconciliation: Reconciliation = { link, progress, source: 'PROVIDER_WEBHOOK', call }
  await reconcileLink(context, provider, reconciliation)
}

const ended: readonly LinkStatus[] = ['COMPLETED', 'FAILED', 'EXPIRED', 'REVOKED', 'SUPERSEDED']

/** Asserts the invariants of a link and its history. */
async function assertConsistent(opened: OpenConnect, id: string, context: string): Promise<void> {
  const link = await opened.link(id)
  const history = await findTransitions(opened.db, [id])
  for (const [index, { number, fromStatus, toStatus, failureCode }] of history.entries()) {
    expect(number, context).toBe(index + 1)
    expect(fromStatus, context).toBe(history[index - 1]?.toStatus ?? null)
    const isFailedAttempt = failureCode !== null && fromStatus === toStatus
    if (fromStatus !== null && !isFailedAttempt)
      expect(canTransition(fromStatus, toStatus), context).toBe(true)
  }
  expect(history.at(-1)?.toStatus, context).toBe(link.status)
  expect(history.filter(({ toStatus }) => ended.includes(toStatus)).length, context).toBeLessThanOrEqual(1)
  if (link.status === 'COMPLETED') expect(link.connectionId, context).not.toBeNull()
  if (!ended.includes(link.status)) expect(link.connectionId, context).toBeNull()
}

describe('links in the store', () => {
  const seed = newSeed()

  test(`stay consistent under random signals in random order (TEST_SEED=${seed})`, async () => {
    const random = randomFrom(seed)
    const opened = await openConnect(['disconnect'])
    for (let sequence = 0; sequence < 150; sequence += 1) {
      const id = await opened.createLink(`user-${sequence}`)
      // Ended links must not contest the connections of later ones.
      opened.clock.advance(600)
      const signals: Signal[] = []
      for (let count = random.below(8); count >= 0; count -= 1)
        signals.push(
          signals.length > 0 && random.below(4) === 0
            ? random.pick(signals)
            : randomSignal(random, `c${sequence}`),
        )
      const context = JSON.stringify(signals)
      const isConcurrent = random.below(4) === 0
      if (isConcurrent) await Promise.all(signals.map((signal) => apply(opened, id, signal)))
      else for (const signal of signals) await apply(opened, id, signal)
      await assertConsistent(opened, id, context)
      const before = await opened.link(id)
      if (ended.includes(before.status)) {
        for (const signal of signals) await apply(opened, id, signal)
        expect((await opened.link(id)).status, context).toBe(before.status)
        await assertConsistent(opened, id, context)
      }
    }
  }, 120_000)

  test(`never share a connection, in any order of signals (TEST_SEED=${seed})`, async () => {
    const random = randomFrom(seed)
    const opened = await openConnect([], { maxOpenLinksPerEndUser: 100 })
    for (let sequence = 0; sequence < 50; sequence += 1) {
      const ids = [await opened.createLink('user-1'), await opened.createLink('user-1')]
      const progress: LinkProgress = { kind: 'completed', connection: connection(`c${sequence}`) }
      const order = random.below(2) === 0 ? ids : ids.toReversed()
      await Promise.all([...order, ...order].map((id) => apply(opened, id, { progress })))

      const links = await Promise.all(ids.map(opened.link))
      expect(links.filter(({ status }) => status === 'COMPLETED')).toHaveLength(1)
      expect(links.filter(({ connectionId }) => connectionId !== null)).toHaveLength(1)
    }
  }, 120_000)
})
