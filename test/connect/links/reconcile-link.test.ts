import { beforeAll, describe, expect, test } from 'vitest'
import { ProviderError } from '../../../src/domain/provider-error.ts'
import type { LinkProgress } from '../../../src/providers/adapter.ts'
import { testDatabase } from '../../helpers/database.ts'
import { openConnect } from '../open.ts'
import { connection, failedProgress } from '../script.ts'

beforeAll(() => testDatabase())

const candidates = (...ids: readonly string[]): LinkProgress => ({
  kind: 'candidates',
  connections: ids.map((id) => connection(id)),
})

describe('a link that its provider reports as', () => {
  test('completed gets its connection, which is listed with the end user and tags of the link', async () => {
    const { script, createLink, refreshLink, history, db } = await openConnect()
    const id = await createLink('user-1')
    script.check = async () => ({ kind: 'completed', connection: connection('c1', { endUserId: 'other' }) })

    const link = await refreshLink(id)

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
    '%s ends with the reason of the provider and does not complete later',
    async (status) => {
      const { script, createLink, refreshLink, history } = await openConnect()
      const id = await createLink('user-1')
      script.check = async () =>
        status === 'FAILED' ? failedProgress('WHY') : { kind: 'ended', status, reason: 'WHY' }
      await refreshLink(id)
      script.check = async () => ({ kind: 'completed', connection: connection('too-late') })

      expect(await refreshLink(id)).toMatchObject({ status, connectionId: null })
      expect(await history(id)).toMatchObject([{ toStatus: status, source: 'PROVIDER_POLL', reason: 'WHY' }])
    },
  )

  test('open does not change', async () => {
    const { createLink, refreshLink, history } = await openConnect()
    const id = await createLink('user-1')

    expect(await refreshLink(id)).toMatchObject({ status: 'CREATED' })
    expect(await history(id)).toEqual([])
  })
})

describe('a link whose provider only returns candidates', () => {
  test('stays open without a candidate', async () => {
    const { script, createLink, refreshLink } = await openConnect()
    const id = await createLink('user-1')
    script.check = async () => candidates()

    expect(await refreshLink(id)).toMatchObject({ status: 'CREATED' })
  })
})

describe('a connection that has to be started', () => {
  test('is stored in the state after the start', async () => {
    const { script, createLink, refreshLink, db } = await openConnect()
    const id = await createLink('user-1')
    script.check = async () => ({ kind: 'completed', connection: connection('c1', { status: 'PAUSED' }) })
    script.start = async (paused) => ({ ...paused, status: 'ACTIVE' })

    expect(await refreshLink(id)).toMatchObject({ status: 'COMPLETED' })
    expect(await db.selectFrom('connections').select('status').execute()).toEqual([{ status: 'ACTIVE' }])
  })

  test.each([
    ['PROVIDER_REJECTED', 'COMPLETED'],
    ['PROVIDER_UNAUTHORIZED', 'COMPLETED'],
    ['PROVIDER_UNAVAILABLE', 'CREATED'],
    ['PROVIDER_RATE_LIMITED', 'CREATED'],
    ['PROVIDER_TIMEOUT', 'CREATED'],
  ] as const)('whose start fails with %s leaves its link %s', async (code, status) => {
    const { script, createLink, refreshLink } = await openConnect()
    const id = await createLink('user-1')
    script.check = async () => ({ kind: 'completed', connection: connection('c1', { status: 'PAUSED' }) })
    script.start = async () => {
      throw new ProviderError('FIVETRAN', code, 'could not be started')
    }
    expect(await refreshLink(id)).toMatchObject({ status })

    delete script.start
    expect(await refreshLink(id)).toMatchObject({ status: 'COMPLETED' })
  })
})
