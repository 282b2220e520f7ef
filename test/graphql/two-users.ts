import { encodeGlobalId } from '../../src/graphql/ids.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { answerTo, connected, madeLink } from './open.ts'

export const nobodysUuid = '0e6f4d5e-1111-4222-8333-444455556666'

export const absent = {
  link: encodeGlobalId('ConnectLink', nobodysUuid),
  connection: encodeGlobalId('Connection', nobodysUuid),
}

/** Ada and Bob, each with an open link and a connection; Ada's came first and last, so that her rows surround his. */
export async function openTwoUsers() {
  const gateway = await startTestGateway()
  const of = (id: string) => ({ endUser: { id }, tags: [{ key: 'of', value: id }] })
  const link = async (id: string) => {
    gateway.clock.advance(3)
    return (await madeLink(gateway, 'PIPEDREAM', { ...of(id), connector: 'slack' })).id
  }
  const connection = (id: string) => {
    gateway.clock.advance(3)
    return connected(gateway, 'PIPEDREAM', of(id))
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

/** What an API key sees of all links and connections. */
export const everything = (gateway: TestGateway) => answerTo(gateway, lists)

export const lists = `query ($connections: ConnectionFilter, $links: ConnectLinkFilter, $first: Int, $c: String, $l: String) {
  connections(filter: $connections, first: $first, after: $c) {
    totalCount nodes { id status endUser { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
  connectLinks(filter: $links, first: $first, after: $l) {
    totalCount nodes { id status endUser { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`
