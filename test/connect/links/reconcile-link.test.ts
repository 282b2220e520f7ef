import { beforeAll, describe, expect, test } from 'vitest'
import { ProviderError } from '../../../src/domain/errors.ts'
import type { LinkProgress } from '../../../src/providers/adapter.ts'
import { testDatabase } from '../../helpers/database.ts'
import { openConnect } from '../open.ts'
import { connection } from '../script.ts'

beforeAll(() => testDatabase())

const candidates = (...ids: readonly string[]): LinkProgress => ({
  kind: 'candidates',
  connections: ids.map((id) => connection(id)),
})

describe('a link that its provider says is', () => {
  test('completed gets its connection, which is listed with the end user and the tags of the link', async () => {
    const { script, createLink, settled, history, db } = await openConnect()
    const id = await createLink('user-1')
    script.check = async () => ({ kind: 'completed', connection: connection('c1', { endUserId: 'other' }) })

    const link = await settled(id)

    expect(link.status).toBe('COMPLETED')
    const rows = await db.selectFrom('connections').selectAll().execute()
    expect(rows).toMatchObject([
      { id: link.connectionId, remoteId: 'c1', endUserId: 'user-1', visible: true, tags: link.tags },
    ])
    expect(await history(id)).toMatchObject([
      { fromStatus: 'CREATED', toStatus: 'COMPLETED', source: 'PROVIDER_POLL', reason: null },
    ])
  })

  test.each(['FAILED', 'EXPIRED', 'REVOKED'] as const)(
    '%s at the provider ends with the reason given, and is not asked about again',
    async (status) => {
      const { script, createLink, settled, history } = await openConnect()
      const id = await createLink('user-1')
      script.check = async () => ({ kind: 'ended', status, reason: 'WHY' })
      await settled(id)
      script.check = async () => ({ kind: 'completed', connection: connection('too-late') })

      expect(await settled(id)).toMatchObject({ status, connectionId: null })
      expect(await history(id)).toMatchObject([{ toStatus: status, source: 'PROVIDER_POLL', reason: 'WHY' }])
    },
  )

  test('open stays as it is', async () => {
    const { createLink, settled, history } = await openConnect()
    const id = await createLink('user-1')

    expect(await settled(id)).toMatchObject({ status: 'CREATED' })
    expect(await history(id)).toEqual([])
  })
})

describe('a link whose provider only shows what is new', () => {
  test('waits while there is nothing', async () => {
    const { script, createLink, settled } = await openConnect()
    const id = await createLink('user-1')
    script.check = async () => candidates()

    expect(await settled(id)).toMatchObject({ status: 'CREATED' })
  })

  test('gets the one that there is', async () => {
    const { script, createLink, settled, owners } = await openConnect()
    const id = await createLink('user-1')
    script.check = async () => candidates('c1')

    expect(await settled(id)).toMatchObject({ status: 'COMPLETED' })
    expect(await owners()).toEqual({ c1: 'user-1' })
  })

  test('fails as ambiguous rather than being given one of several, and none of them is claimed', async () => {
    const { script, createLink, settled, history, owners } = await openConnect()
    const id = await createLink('user-1')
    script.check = async () => candidates('c1', 'c2')

    expect(await settled(id)).toMatchObject({ status: 'FAILED', connectionId: null })
    expect(await history(id)).toMatchObject([{ toStatus: 'FAILED', reason: 'AMBIGUOUS' }])
    expect(await owners()).toEqual({})
  })

  test('is not given a connection that another link has got already', async () => {
    const { script, createLink, settled, link, owners } = await openConnect()
    const first = await createLink('user-1')
    script.check = async () => candidates('c1')
    await settled(first)
    const second = await createLink('user-2')

    expect(await settled(second)).toMatchObject({ status: 'CREATED' })
    script.check = async () => candidates('c1', 'c2')
    expect(await settled(second)).toMatchObject({ status: 'COMPLETED' })
    expect((await link(first)).connectionId).not.toBe((await link(second)).connectionId)
    expect(await owners()).toEqual({ c1: 'user-1', c2: 'user-2' })
  })
})

describe('a connection that has to be started', () => {
  test('is stored as it is once it runs', async () => {
    const { script, createLink, settled, db } = await openConnect()
    const id = await createLink('user-1')
    script.check = async () => ({ kind: 'completed', connection: connection('c1', { status: 'PAUSED' }) })
    script.start = async (given) => ({ ...given, status: 'ACTIVE' })

    expect(await settled(id)).toMatchObject({ status: 'COMPLETED' })
    expect(await db.selectFrom('connections').select('status').execute()).toEqual([{ status: 'ACTIVE' }])
  })

  test.each([
    ['PROVIDER_REJECTED', 'COMPLETED'],
    ['PROVIDER_UNAUTHORIZED', 'COMPLETED'],
    ['PROVIDER_UNAVAILABLE', 'CREATED'],
    ['PROVIDER_RATE_LIMITED', 'CREATED'],
    ['PROVIDER_TIMEOUT', 'CREATED'],
  ] as const)('and is answered %s leaves its link %s', async (code, status) => {
    const { script, createLink, settled } = await openConnect()
    const id = await createLink('user-1')
    script.check = async () => ({ kind: 'completed', connection: connection('c1', { status: 'PAUSED' }) })
    script.start = async () => {
      throw new ProviderError('FIVETRAN', code, 'it would not start')
    }
    expect(await settled(id)).toMatchObject({ status })

    delete script.start
    expect(await settled(id)).toMatchObject({ status: 'COMPLETED' })
  })
})
