import { beforeAll, describe, expect, test } from 'vitest'
import { type Reconciliation, reconcileLink } from '../../../src/connect/links/reconcile-link.ts'
import { canTransition } from '../../../src/connect/links/status.ts'
import { type TransitionRequest, transitionLink } from '../../../src/connect/links/transition-link.ts'
import type { LinkStatus } from '../../../src/domain/statuses.ts'
import type { LinkProgress } from '../../../src/providers/adapter.ts'
import { historyOf } from '../../../src/store/link-history.ts'
import { testDatabase } from '../../helpers/database.ts'
import { call, type OpenConnect, openConnect } from '../open.ts'
import { newSeed, type Random, randomFrom } from '../random.ts'
import { connection } from '../script.ts'

beforeAll(() => testDatabase())

const steps = ['CREATED', 'OPENED', 'AUTHORIZING', 'FAILED', 'EXPIRED', 'REVOKED', 'SUPERSEDED'] as const

/** What a link may hear: a step that somebody takes, or the provider's word. */
type Signal = { readonly to: (typeof steps)[number] } | { readonly says: LinkProgress }

function signal(random: Random, remoteId: string): Signal {
  if (random.below(2) === 0) return { to: random.pick(steps) }
  const connections = [connection(remoteId)]
  return {
    says: random.pick<LinkProgress>([
      { kind: 'open' },
      { kind: 'open', setback: 'TRIED_IN_VAIN' },
      { kind: 'completed', connection: connection(remoteId) },
      { kind: 'candidates', connections },
      { kind: 'ended', status: 'FAILED', reason: 'WHY' },
      { kind: 'ended', status: 'EXPIRED', reason: 'WHY' },
    ]),
  }
}

async function give(opened: OpenConnect, id: string, given: Signal): Promise<void> {
  const { db, clock, context, provider } = opened
  if ('to' in given) {
    const step: TransitionRequest = { toStatus: given.to, at: clock.now(), source: 'API_CALL', reason: null }
    await db.transaction().execute((transaction) => transitionLink(transaction, id, step))
    return
  }
  const link = await opened.link(id)
  const settlement: Reconciliation = { link, progress: given.says, source: 'PROVIDER_WEBHOOK', call }
  await reconcileLink(context, provider, settlement)
}

const ended: readonly LinkStatus[] = ['COMPLETED', 'FAILED', 'EXPIRED', 'REVOKED', 'SUPERSEDED']

/** What must be true of every link after every signal. */
async function check(opened: OpenConnect, id: string, told: string): Promise<void> {
  const link = await opened.link(id)
  const history = await historyOf(opened.db, [id])
  for (const [index, { number, fromStatus, toStatus }] of history.entries()) {
    expect(number, told).toBe(index + 1)
    expect(fromStatus, told).toBe(history[index - 1]?.toStatus ?? null)
    if (fromStatus !== null) expect(canTransition(fromStatus, toStatus), told).toBe(true)
  }
  expect(history.at(-1)?.toStatus, told).toBe(link.status)
  expect(history.filter(({ toStatus }) => ended.includes(toStatus)).length, told).toBeLessThanOrEqual(1)
  if (link.status === 'COMPLETED') expect(link.connectionId, told).not.toBeNull()
  if (!ended.includes(link.status)) expect(link.connectionId, told).toBeNull()
}

describe('links in the store', () => {
  const seed = newSeed()

  test(`keep to their life, whatever they hear in whatever order (TEST_SEED=${seed})`, async () => {
    const random = randomFrom(seed)
    const opened = await openConnect(['disconnect'])
    for (let sequence = 0; sequence < 150; sequence += 1) {
      const id = await opened.createLink(`user-${sequence}`)
      // Links that are over must not make those that follow contested.
      opened.clock.advance(600)
      const heard: Signal[] = []
      for (let count = random.below(8); count >= 0; count -= 1)
        heard.push(
          heard.length > 0 && random.below(4) === 0 ? random.pick(heard) : signal(random, `c${sequence}`),
        )
      const told = JSON.stringify(heard)
      const isTogether = random.below(4) === 0
      if (isTogether) await Promise.all(heard.map((one) => give(opened, id, one)))
      else for (const one of heard) await give(opened, id, one)
      await check(opened, id, told)
      const before = await opened.link(id)
      if (ended.includes(before.status)) {
        for (const one of heard) await give(opened, id, one)
        expect((await opened.link(id)).status, told).toBe(before.status)
        await check(opened, id, told)
      }
    }
  }, 120_000)

  test(`never share a connection, whoever hears of it first (TEST_SEED=${seed})`, async () => {
    const random = randomFrom(seed)
    const opened = await openConnect()
    for (let sequence = 0; sequence < 50; sequence += 1) {
      const ids = [await opened.createLink('user-1'), await opened.createLink('user-1')]
      const says: LinkProgress = { kind: 'completed', connection: connection(`c${sequence}`) }
      const order = random.below(2) === 0 ? ids : ids.toReversed()
      await Promise.all([...order, ...order].map((id) => give(opened, id, { says })))

      const links = await Promise.all(ids.map(opened.link))
      expect(links.filter(({ status }) => status === 'COMPLETED')).toHaveLength(1)
      expect(links.filter(({ connectionId }) => connectionId !== null)).toHaveLength(1)
    }
  }, 120_000)
})
