import { beforeAll, describe, expect, test } from 'vitest'
import type { LinkProgress } from '../../../src/providers/adapter.ts'
import { testDatabase } from '../../helpers/database.ts'
import { openConnect } from '../open.ts'
import { connection } from '../script.ts'

beforeAll(() => testDatabase())

const candidates = (...ids: readonly string[]): LinkProgress => ({
  kind: 'candidates',
  connections: ids.map((id) => connection(id)),
})

describe('one new connection', () => {
  test('is not contested by a link that was created long after the connection', async () => {
    const opened = await openConnect()
    const { script, clock, createLink, refreshLink, link } = opened
    const ofUser1 = await createLink('user-1')
    const createdAt = clock.now()
    clock.advance(600)
    const later = await createLink('user-2')
    await opened.open(later)
    script.check = async ({ linkId }) =>
      linkId === ofUser1
        ? { kind: 'candidates', connections: [connection('c1', { createdAt })] }
        : { kind: 'open' }

    expect(await refreshLink(ofUser1)).toMatchObject({ status: 'COMPLETED' })
    expect(await link(later)).toMatchObject({ status: 'OPENED' })
  })

  test('is not contested by a link of another connector', async () => {
    const opened = await openConnect()
    const { script, createLink, refreshLink, link } = opened
    const ofUser1 = await createLink('user-1')
    const other = await createLink('user-2', 'github')
    await opened.open(other)
    script.check = async ({ linkId }) => (linkId === ofUser1 ? candidates('c1') : { kind: 'open' })

    expect(await refreshLink(ofUser1)).toMatchObject({ status: 'COMPLETED' })
    expect(await link(other)).toMatchObject({ status: 'OPENED' })
  })

  test('is attributed to the newer of two links of one end user, unless only the older one was opened', async () => {
    const opened = await openConnect()
    const { script, clock, createLink, refreshLink, link } = opened
    const older = await createLink('user-1')
    clock.advance(1)
    const newer = await createLink('user-1')
    script.check = async () => candidates('c1')
    expect(await refreshLink(newer)).toMatchObject({ status: 'COMPLETED' })
    expect(await link(older)).toMatchObject({ status: 'CREATED', connectionId: null })
    expect(await refreshLink(older)).toMatchObject({ status: 'CREATED' })

    const newest = await createLink('user-1')
    await opened.open(older)
    script.check = async () => candidates('c1', 'c2')
    expect(await refreshLink(older)).toMatchObject({ status: 'COMPLETED' })
    expect(await link(newest)).toMatchObject({ status: 'CREATED', connectionId: null })
  })
})
