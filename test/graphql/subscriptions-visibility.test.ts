import { describe, expect, test } from 'vitest'
import { encodeGlobalId } from '../../src/graphql/ids.ts'
import { RevokeConnectLinkDocument } from '../generated/graphql.ts'
import { goThrough, startTestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { connected, madeLink } from './open.ts'
import { codesIn, dataIn, next, openStream, watchedLinks } from './subscribe.ts'

const watchOne = 'subscription ($id: ID) { connectLinkUpdated(id: $id) { id status } }'

describe('a link that is not there for the caller', () => {
  const uuid = '0e6f4d5e-1111-4222-8333-444455556666'

  test.each(['an end user', 'an API key'])('is NOT_FOUND for %s, in the same bytes', async (who) => {
    const gateway = await startTestGateway()
    const foreign = await madeLink(gateway, 'PIPEDREAM', { endUser: { id: 'ada' } })
    const connection = await connected(gateway, 'PIPEDREAM', { endUser: { id: 'bob' } })
    const bob = await asEndUser(gateway, 'bob')
    const isEndUser = who === 'an end user'
    const ids = [
      encodeGlobalId('ConnectLink', uuid),
      encodeGlobalId('ConnectLink', ''),
      encodeGlobalId('ConnectLink', 'a\u0000'),
      connection,
      'junk',
      '',
      'A'.repeat(10_000),
      ...(isEndUser ? [foreign.id] : []),
    ]
    const answers = await Promise.all(
      ids.map(async (id) => {
        const headers = isEndUser ? { headers: bob.headers } : {}
        const stream = await openStream(gateway, { query: watchOne, variables: { id }, ...headers })
        return { status: stream.response.status, text: await stream.toItsEnd() }
      }),
    )
    expect(codesIn(answers[0]?.text ?? '')).toEqual(['NOT_FOUND'])
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })

  test('is refused for everybody without a key, before anything is watched', async () => {
    const gateway = await startTestGateway()
    const { id } = await madeLink(gateway, 'PIPEDREAM')
    const stream = await openStream(gateway, { query: watchOne, variables: { id }, headers: {} })
    expect(stream.response.status).toBe(401)
    expect(await stream.toItsEnd()).not.toContain('CREATED')
  })
})

describe('an end user', () => {
  test('sees their own link and never its provider address', async () => {
    const gateway = await startTestGateway()
    const { id } = await madeLink(gateway, 'PIPEDREAM', { endUser: { id: 'ada' } })
    const { headers } = await asEndUser(gateway, 'ada')
    const query = 'subscription ($id: ID) { connectLinkUpdated(id: $id) { status url providerUrl } }'
    const stream = await openStream(gateway, { query, variables: { id }, headers })
    const text = await stream.until(/data: .*\n/)
    expect(text).toContain(`"url":"${gateway.url}/connect/`)
    expect(text).toContain('"providerUrl":null')
  })

  test('hears of their own links alone', async () => {
    const gateway = await startTestGateway()
    const [ada, bob] = [await asEndUser(gateway, 'ada'), await asEndUser(gateway, 'bob')]
    const mine = await madeLink(gateway, 'PIPEDREAM', { endUser: { id: 'bob' } })
    const theirs = await madeLink(gateway, 'PIPEDREAM', { endUser: { id: 'ada' } })
    const ofBob = await openStream(gateway, { query: allLinks, headers: bob.headers })
    const ofAda = await openStream(gateway, { query: allLinks, headers: ada.headers })
    await Promise.all([ofBob.until(/^:/), ofAda.until(/^:/)])
    for (const { url } of [theirs, mine]) await goThrough(url ?? '')
    for (const { id } of [theirs, mine]) await gateway.send(RevokeConnectLinkDocument, { id })
    for (const [stream, { id }] of [
      [ofAda, theirs],
      [ofBob, mine],
    ] as const) {
      const seen = dataIn(await stream.until(/REVOKED/))
      expect(seen).toEqual(
        ['OPENED', 'REVOKED'].map((status) => ({ data: { connectLinkUpdated: { id, status } } })),
      )
    }
  })

  test('watches a link of their own from its first step to its last', async () => {
    const gateway = await startTestGateway()
    const { headers } = await asEndUser(gateway, 'ada')
    const { id } = await madeLink(gateway, 'PIPEDREAM', { endUser: { id: 'ada' } })
    const events = watchedLinks(gateway, id, headers)
    expect(await next(events)).toMatchObject({ id, status: 'CREATED' })
    await gateway.send(RevokeConnectLinkDocument, { id })
    expect(await next(events)).toMatchObject({ id, status: 'REVOKED' })
    expect(await events.next()).toMatchObject({ done: true })
  })
})

const allLinks = 'subscription { connectLinkUpdated { id status } }'
