import { encodeGlobalId } from '../../src/graphql/ids.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { createConnection, createLinkOrThrow, postQuery } from './open.ts'

export const unusedUuid = '0e6f4d5e-1111-4222-8333-444455556666'

/** Well-formed global IDs of objects that do not exist. */
export const unknownIds = {
  link: encodeGlobalId('ConnectLink', unusedUuid),
  connection: encodeGlobalId('Connection', unusedUuid),
}

/**
 * Starts a gateway with two end users, Ada and Bob, each with an open link and a connection. Ada's rows are the oldest
 * and the newest of both lists, so that Bob's are between them.
 */
export async function startTwoUserGateway() {
  const gateway = await startTestGateway()
  const ownedBy = (id: string) => ({ endUser: { id }, tags: [{ key: 'of', value: id }] })
  const link = async (id: string) => {
    gateway.clock.advance(3)
    return (await createLinkOrThrow(gateway, 'PIPEDREAM', { ...ownedBy(id), connector: 'slack' })).id
  }
  const connection = (id: string) => {
    gateway.clock.advance(3)
    return createConnection(gateway, 'PIPEDREAM', ownedBy(id))
  }
  const ada = { first: await connection('ada'), connection: '', link: await link('ada') }
  const bob = { connection: await connection('bob'), link: await link('bob') }
  ada.connection = await connection('ada')
  const last = await link('ada')
  gateway.clock.advance(3)
  return {
    gateway,
    ada: { ...ada, last, ...(await asEndUser(gateway, 'ada')) },
    bob: { ...bob, ...(await asEndUser(gateway, 'bob')) },
  }
}

/** Reads all links and connections with the API key. */
export const readAllLists = (gateway: TestGateway) => postQuery(gateway, listsQuery)

export const listsQuery = `query ($connections: ConnectionFilter, $links: ConnectLinkFilter, $first: Int, $c: String, $l: String) {
  connections(filter: $connections, first: $first, after: $c) {
    totalCount nodes { id status endUser { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
  connectLinks(filter: $links, first: $first, after: $l) {
    totalCount nodes { id status endUser { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`
