import { beforeAll, describe, expect, test, vi } from 'vitest'
import { syncConnections } from '../../../src/connect/connections/sync-connections.ts'
import { revokeConnectLink } from '../../../src/connect/links/revoke.ts'
import { ProviderError } from '../../../src/domain/errors.ts'
import type { LinkProgress } from '../../../src/providers/adapter.ts'
import { testDatabase } from '../../helpers/database.ts'
import { call, type OpenConnect, openConnect, viewer } from '../open.ts'
import { type Ability, connection } from '../script.ts'

beforeAll(() => testDatabase())

const completed: LinkProgress = { kind: 'completed', connection: connection('c1') }
// Made after anybody can have opened the link, whatever the clock of the test says.
const madeLater = { endUserId: 'user-1', createdAt: new Date('2100-01-01T00:00:00Z') }
const shown = { kind: 'candidates', connections: [connection('c1', madeLater)] } as const
const both: readonly (readonly [string, LinkProgress])[] = [
  ['names', completed],
  ['only shows, with its end user,', shown],
]

/** A link that has come to its end, and how often its provider has been asked about it since. */
async function ended(by: 'FAILED' | 'EXPIRED' | 'REVOKED', abilities: readonly Ability[] = []) {
  const opened = await openConnect(abilities)
  const { script, clock, context, poll, createLink } = opened
  const id = await createLink('user-1')
  await opened.open(id)
  if (by === 'FAILED') script.check = async () => ({ kind: 'ended', status: 'FAILED', reason: 'WHY' })
  if (by === 'REVOKED') await revokeConnectLink(context, viewer, id)
  clock.advance(by === 'EXPIRED' ? 86_401 : 3)
  await poll()
  expect(await opened.link(id)).toMatchObject({ status: by })
  const check = vi.fn(async (): Promise<LinkProgress> => ({ kind: 'open' }))
  script.check = check
  return { ...opened, id, check }
}

/** As long as a link is looked after at the longest, a round every five minutes. */
async function manyRounds({ clock, poll }: OpenConnect): Promise<void> {
  for (let rounds = 0; rounds < 12; rounds += 1) {
    clock.advance(301)
    await poll()
  }
}

const rows = ({ db }: OpenConnect) => db.selectFrom('connections').selectAll().execute()

describe.each(both)('a connection that its provider %s after its link', (_, progress) => {
  test.each(['FAILED', 'EXPIRED'] as const)(
    '%s is its end user’s, and the link stays as it is and is done with',
    async (status) => {
      const opened = await ended(status)
      const { id, check, link, history, clock, poll } = opened
      check.mockResolvedValue(progress)
      const before = await history(id)
      clock.advance(60)
      await poll()

      expect(await rows(opened)).toMatchObject([
        { remoteId: 'c1', endUserId: 'user-1', visible: true, status: 'ACTIVE', tags: [{ key: 'plan' }] },
      ])
      const [row] = await rows(opened)
      expect(await link(id)).toMatchObject({ status, connectionId: row?.id })
      expect(await history(id)).toEqual(before)
      await manyRounds(opened)
      expect(check).toHaveBeenCalledTimes(1)
    },
  )

  test('was REVOKED is removed at the provider, and the link is done with', async () => {
    const opened = await ended('REVOKED', ['disconnect'])
    const { id, check, script, link, clock, poll } = opened
    const remove = vi.fn(script.remove)
    script.remove = remove
    check.mockResolvedValue(progress)
    clock.advance(60)
    await poll()

    expect(remove).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ remoteId: 'c1' }))
    const [row] = await rows(opened)
    expect(row).toMatchObject({ remoteId: 'c1', status: 'DISCONNECTED', healthCode: 'REVOKED' })
    expect(await link(id)).toMatchObject({ status: 'REVOKED', connectionId: row?.id })
    check.mockResolvedValue({ kind: 'open' })
    await manyRounds(opened)
    expect(check).toHaveBeenCalledTimes(1)
  })

  test('was REVOKED and that cannot be removed at the moment is shown so, and removed at the next look', async () => {
    const opened = await ended('REVOKED', ['disconnect'])
    const { check, script, clock, poll, logged } = opened
    const remove = vi.fn(async () => true)
    remove.mockRejectedValueOnce(new ProviderError('FIVETRAN', 'PROVIDER_UNAVAILABLE', 'said hunter2'))
    script.remove = remove
    check.mockResolvedValue(progress)
    clock.advance(60)
    await poll()
    expect(await rows(opened)).toMatchObject([{ status: 'NEEDS_ATTENTION', orphaned: true }])
    expect(logged()).not.toContain('hunter2')

    clock.advance(301)
    await poll()

    expect(remove).toHaveBeenCalledTimes(2)
    expect(await rows(opened)).toMatchObject([{ status: 'DISCONNECTED' }])
    await manyRounds(opened)
    expect(remove).toHaveBeenCalledTimes(2)
  })

  test('was REVOKED at a provider that cannot remove any needs attention, and still does after a sync', async () => {
    const opened = await ended('REVOKED')
    const { check, script, provider, context, clock, poll } = opened
    check.mockResolvedValue(progress)
    clock.advance(60)
    await poll()
    const [before] = await rows(opened)
    expect(before).toMatchObject({ status: 'NEEDS_ATTENTION', orphaned: true })

    script.connections = async function* () {
      yield [connection('c1')]
    }
    clock.advance(60)
    await syncConnections(context, provider, call.signal)
    await manyRounds(opened)

    // Nor has it been changed again: whoever watches hears of it once.
    expect(await rows(opened)).toMatchObject([{ status: 'NEEDS_ATTENTION', updatedAt: before?.updatedAt }])
    expect(check).toHaveBeenCalledTimes(1)
  })
})

describe('a link that has ended', () => {
  test('as REVOKED has nothing removed of which nobody knows whose it is', async () => {
    const opened = await ended('REVOKED', ['disconnect'])
    const { id, check, script, link, clock, poll } = opened
    const remove = vi.fn(script.remove)
    script.remove = remove
    check.mockResolvedValue({ kind: 'candidates', connections: [connection('c1')] })
    clock.advance(60)
    await poll()

    expect(remove).not.toHaveBeenCalled()
    expect(await rows(opened)).toEqual([])
    expect(await link(id)).toMatchObject({ status: 'REVOKED', connectionId: null })
  })

  test('does not have its connection started again and again', async () => {
    const opened = await ended('EXPIRED')
    const start = vi.fn(async () => connection('c1'))
    opened.script.start = start
    opened.check.mockResolvedValue(completed)
    await manyRounds(opened)

    expect(start).toHaveBeenCalledTimes(1)
  })

  test('as ambiguous is never looked at again', async () => {
    const opened = await openConnect()
    const { script, createLink, clock, poll, link } = opened
    const id = await createLink('user-1')
    script.check = async () => ({ kind: 'candidates', connections: [connection('c1'), connection('c2')] })
    clock.advance(3)
    await poll()
    expect(await link(id)).toMatchObject({ status: 'FAILED', nextCheckAt: null })
    const check = vi.fn(script.check)
    script.check = check

    await manyRounds(opened)

    expect(check).not.toHaveBeenCalled()
    expect(await rows(opened)).toEqual([])
  })

  test('is looked after no longer than its provider’s own link lives', async () => {
    const opened = await ended('EXPIRED')
    opened.clock.advance(2 * 86_400)
    await opened.poll()
    expect(opened.check).toHaveBeenCalledTimes(1)

    await manyRounds(opened)
    expect(opened.check).toHaveBeenCalledTimes(1)
  })

  test('and completed stays so whatever is said of it, and is not asked about', async () => {
    const opened = await openConnect()
    const { script, createLink, settled, link } = opened
    const id = await createLink('user-1')
    const check = vi.fn(async (): Promise<LinkProgress> => completed)
    script.check = check
    await settled(id)
    const before = await link(id)
    check.mockResolvedValue({ kind: 'ended', status: 'REVOKED', reason: 'WHY' })

    await manyRounds(opened)

    expect(check).toHaveBeenCalledTimes(1)
    expect(await link(id)).toEqual(before)
  })
})
