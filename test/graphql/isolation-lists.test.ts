import { describe, expect, test } from 'vitest'
import { encodeGlobalId } from '../../src/graphql/ids.ts'
import { encodeCursor } from '../../src/graphql/paging.ts'
import type { TestGateway } from '../helpers/gateway.ts'
import { lists, nobodysUuid, openTwoUsers } from './two-users.ts'

describe('lists', () => {
  test('hold only what belongs to the caller, and count only that', async () => {
    const { ada, bob } = await openTwoUsers()
    const { data } = await bob.ask(lists)
    expect(data).toMatchObject({
      connections: {
        totalCount: 1,
        nodes: [{ id: bob.connection, status: 'ACTIVE', endUser: { id: 'bob' } }],
        pageInfo: { hasNextPage: false },
      },
      connectLinks: { totalCount: 2, pageInfo: { hasNextPage: false } },
    })
    const { data: hers } = await ada.ask(lists)
    expect(hers).toMatchObject({
      connections: { totalCount: 2, nodes: [{ id: ada.connection }, { id: ada.first }] },
      connectLinks: { totalCount: 4 },
    })
  })

  test.each([
    ['person', { endUserId: 'ada' }, { endUserId: 'nobody' }],
    ['tag', { tag: { key: 'of', value: 'ada' } }, { tag: { key: 'of', value: 'nobody' } }],
  ])('filtered by another %s are as if there were none', async (_, theirs, none) => {
    const { bob } = await openTwoUsers()
    const answer = await bob.ask(lists, { connections: theirs, links: theirs })
    expect(answer.data).toMatchObject({
      connections: { totalCount: 0, nodes: [] },
      connectLinks: { totalCount: 0, nodes: [] },
    })
    expect(answer).toEqual(await bob.ask(lists, { connections: none, links: none }))
  })

  test('filtered by the caller are the same as without', async () => {
    const { bob } = await openTwoUsers()
    const own = { endUserId: 'bob' }
    expect(await bob.ask(lists, { connections: own, links: own })).toEqual(await bob.ask(lists))
  })

  test('go on behind a cursor of another person as behind one of no row', async () => {
    const { gateway, ada, bob } = await openTwoUsers()
    const { connections, connectLinks } = await rows(gateway)
    const c = connections.find(({ id }) => encodeGlobalId('Connection', id) === ada.connection)
    const l = connectLinks.find(({ id }) => encodeGlobalId('ConnectLink', id) === ada.last)
    const at = (row: { createdAt: Date } | undefined, id: string) =>
      encodeCursor([row?.createdAt.getTime() ?? 0, id])
    const theirs = await ada.ask(lists, { first: 1 })
    const cursors = { c: at(c, c?.id ?? ''), l: at(l, l?.id ?? '') }
    expect(theirs.data).toMatchObject({
      connections: { pageInfo: { endCursor: cursors.c } },
      connectLinks: { pageInfo: { endCursor: cursors.l } },
    })
    const answer = await bob.ask(lists, cursors)
    expect(answer.data).toMatchObject({ connections: { nodes: [{ id: bob.connection }] } })
    expect(answer.text).not.toContain('"ada"')
    expect(answer).toEqual(await bob.ask(lists, { c: at(c, nobodysUuid), l: at(l, nobodysUuid) }))
  })
})

/** The rows themselves. */
const rows = async ({ connect: { db } }: TestGateway) => ({
  connections: await db.selectFrom('connections').select(['id', 'createdAt']).execute(),
  connectLinks: await db.selectFrom('connectLinks').select(['id', 'createdAt']).execute(),
})
