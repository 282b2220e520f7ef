import { beforeAll, describe, expect, test, vi } from 'vitest'
import { syncConnections } from '../../../src/connect/connections/sync-connections.ts'
import { revokeConnectLink } from '../../../src/connect/links/revoke.ts'
import { ProviderError } from '../../../src/domain/provider-error.ts'
import type { LinkProgress } from '../../../src/providers/adapter.ts'
import { testDatabase } from '../../helpers/database.ts'
import { call, type OpenConnect, openConnect, viewer } from '../open.ts'
import { type Ability, connection, failedProgress } from '../script.ts'

beforeAll(() => testDatabase())

const completed: LinkProgress = { kind: 'completed', connection: connection('c1') }
// Created later than the link is opened by the test clock.
const madeLater = { endUserId: 'user-1', createdAt: new Date('2100-01-01T00:00:00Z') }
const candidate = { kind: 'candidates', connections: [connection('c1', madeLater)] } as const
const answers: readonly (readonly [string, LinkProgress])[] = [
  ['reports as completed', completed],
  ['lists as a candidate with its end user', candidate],
]

/** A link that has ended, and a mock of the checks since then. */
async function ended(by: 'FAILED' | 'EXPIRED' | 'REVOKED', abilities: readonly Ability[] = []) {
  const opened = await openConnect(abilities)
  const { script, clock, context, poll, createLink } = opened
  const id = await createLink('user-1')
  await opened.open(id)
  if (by === 'FAILED') script.check = async () => failedProgress('WHY')
  if (by === 'REVOKED') await revokeConnectLink(context, viewer, id)
  clock.advance(by === 'EXPIRED' ? 86_401 : 3)
  await poll()
  expect(await opened.link(id)).toMatchObject({ status: by })
  const check = vi.fn(async (): Promise<LinkProgress> => ({ kind: 'open' }))
  script.check = check
  return { ...opened, id, check }
}

/**
 * Polls every five minutes for an hour: a link whose provider link does not expire is polled that long after its end.
 */
async function pollForAnHour({ clock, poll }: OpenConnect): Promise<void> {
  for (let rounds = 0; rounds < 12; rounds += 1) {
    clock.advance(301)
    await poll()
  }
}

const rows = ({ db }: OpenConnect) => db.selectFrom('connections').selectAll().execute()

describe.each(answers)('a connection that the provider %s after its link', (_, progress) => {
  test.each(['FAILED', 'EXPIRED'] as const)(
    'became %s belongs to the end user; the link keeps its status and is not polled any more',
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
      await pollForAnHour(opened)
      expect(check).toHaveBeenCalledTimes(1)
    },
  )

  test('was REVOKED is removed at the provider, and the link is not polled any more', async () => {
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
    await pollForAnHour(opened)
    expect(check).toHaveBeenCalledTimes(1)
  })

  test('was REVOKED is marked as orphaned if its removal fails, and removed at the next check', async () => {
    const opened = await ended('REVOKED', ['disconnect'])
    const { check, script, clock, poll, logged } = opened
    const remove = vi.fn(async () => true)
    remove.mockRejectedValueOnce(new ProviderError('FIVETRAN', 'PROVIDER_UNAVAILABLE', 'body hunter2'))
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
    await pollForAnHour(opened)
    expect(remove).toHaveBeenCalledTimes(2)
  })

  test('was REVOKED stays NEEDS_ATTENTION, even after a sync, if the provider cannot remove connections', async () => {
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
    await pollForAnHour(opened)

    // The row was not changed again: watchers get one event.
    expect(await rows(opened)).toMatchObject([{ status: 'NEEDS_ATTENTION', updatedAt: before?.updatedAt }])
    expect(check).toHaveBeenCalledTimes(1)
  })
})

describe('a link that has ended', () => {
  test('as REVOKED does not remove a connection of an unknown end user', async () => {
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

  test('starts its connection only once', async () => {
    const opened = await ended('EXPIRED')
    const start = vi.fn(async () => connection('c1'))
    opened.script.start = start
    opened.check.mockResolvedValue(completed)
    await pollForAnHour(opened)

    expect(start).toHaveBeenCalledTimes(1)
  })

  test('is polled no longer than the provider’s own link is usable', async () => {
    const opened = await ended('EXPIRED')
    opened.clock.advance(2 * 86_400)
    await opened.poll()
    expect(opened.check).toHaveBeenCalledTimes(1)

    await pollForAnHour(opened)
    expect(opened.check).toHaveBeenCalledTimes(1)
  })

  test('as COMPLETED never changes and is not checked', async () => {
    const opened = await openConnect()
    const { script, createLink, refreshLink, link } = opened
    const id = await createLink('user-1')
    const check = vi.fn(async (): Promise<LinkProgress> => completed)
    script.check = check
    await refreshLink(id)
    const before = await link(id)
    check.mockResolvedValue({ kind: 'ended', status: 'REVOKED', reason: 'WHY' })

    await pollForAnHour(opened)

    expect(check).toHaveBeenCalledTimes(1)
    expect(await link(id)).toEqual(before)
  })
})
