import { describe, expect, test } from 'vitest'
import { encodeGlobalId } from '../../src/graphql/ids.ts'
import { encodeCursor } from '../../src/graphql/paging.ts'
import type { TestGateway } from '../helpers/gateway.ts'
import { listsQuery, startTwoUserGateway, unusedUuid } from './two-users.ts'

describe('lists in a session', () => {
  test('contain and count only the rows of the end user', async () => {
    const { ada, bob } = await startTwoUserGateway()
    const { data } = await bob.query(listsQuery)
    expect(data).toMatchObject({
      connections: {
        totalCount: 1,
        nodes: [{ id: bob.connection, status: 'ACTIVE', endUser: { id: 'bob' } }],
        pageInfo: { hasNextPage: false },
      },
      connectLinks: { totalCount: 2, pageInfo: { hasNextPage: false } },
    })
    const { data: ofAda } = await ada.query(listsQuery)
    expect(ofAda).toMatchObject({
      connections: { totalCount: 2, nodes: [{ id: ada.connection }, { id: ada.first }] },
      connectLinks: { totalCount: 4 },
    })
  })

  test('return the same for a foreign end user in the filter as for an unknown one', async () => {
    const { bob } = await startTwoUserGateway()
    const foreign = { endUserId: 'ada' }
    const response = await bob.query(listsQuery, { connections: foreign, links: foreign })
    expect(response.data).toMatchObject({
      connections: { totalCount: 0, nodes: [] },
      connectLinks: { totalCount: 0, nodes: [] },
    })
    const unknown = { endUserId: 'unknown-user' }
    expect(response).toEqual(await bob.query(listsQuery, { connections: unknown, links: unknown }))
  })

  test('cannot be filtered by a tag, whether or not a row has it', async () => {
    const { bob } = await startTwoUserGateway()
    const byTag = (value: string) => {
      const filter = { tag: { key: 'of', value } }
      return bob.query(listsQuery, { connections: filter, links: filter })
    }
    const response = await byTag('bob')
    expect(response).toMatchObject({ data: null, codes: ['FORBIDDEN'] })
    for (const value of ['ada', 'unknown-user']) expect(await byTag(value)).toEqual(response)
  })

  test('return the same with a filter for the own end user as without', async () => {
    const { bob } = await startTwoUserGateway()
    const own = { endUserId: 'bob' }
    expect(await bob.query(listsQuery, { connections: own, links: own })).toEqual(await bob.query(listsQuery))
  })

  test('return the same after a cursor of a foreign row as after one of no row', async () => {
    const { gateway, ada, bob } = await startTwoUserGateway()
    const { connections, connectLinks } = await readRows(gateway)
    const connection = connections.find(({ id }) => encodeGlobalId('Connection', id) === ada.connection)
    const link = connectLinks.find(({ id }) => encodeGlobalId('ConnectLink', id) === ada.last)
    const cursorOf = (row: { createdAt: Date } | undefined, id: string) =>
      encodeCursor([row?.createdAt.getTime() ?? 0, id])
    const firstPage = await ada.query(listsQuery, { first: 1 })
    const cursors = { c: cursorOf(connection, connection?.id ?? ''), l: cursorOf(link, link?.id ?? '') }
    expect(firstPage.data).toMatchObject({
      connections: { pageInfo: { endCursor: cursors.c } },
      connectLinks: { pageInfo: { endCursor: cursors.l } },
    })
    const response = await bob.query(listsQuery, cursors)
    expect(response.data).toMatchObject({ connections: { nodes: [{ id: bob.connection }] } })
    expect(response.text).not.toContain('"ada"')
    expect(response).toEqual(
      await bob.query(listsQuery, { c: cursorOf(connection, unusedUuid), l: cursorOf(link, unusedUuid) }),
    )
  })
})

/** Reads the rows from the database. */
const readRows = async ({ connect: { db } }: TestGateway) => ({
  connections: await db.selectFrom('connections').select(['id', 'createdAt']).execute(),
  connectLinks: await db.selectFrom('connectLinks').select(['id', 'createdAt']).execute(),
})
