import { describe, expect, test } from 'vitest'
import { encodeGlobalId } from '../../src/graphql/ids.ts'
import { RevokeConnectLinkDocument } from '../generated/graphql.ts'
import { startTestGateway, submitLinkPage } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { createConnection, createLinkOrThrow } from './open.ts'
import { codesIn, eventData, next, openStream, subscribeToLinks } from './subscribe.ts'

const linkSubscription = 'subscription ($id: ID) { connectLinkUpdated(id: $id) { id status } }'

describe('connectLinkUpdated for a link that the caller cannot see', () => {
  const uuid = '0e6f4d5e-1111-4222-8333-444455556666'

  test.each(['an end user', 'an API key'])(
    'returns NOT_FOUND to %s, with byte-identical responses',
    async (caller) => {
      const gateway = await startTestGateway()
      const foreign = await createLinkOrThrow(gateway, 'PIPEDREAM', { endUser: { id: 'ada' } })
      const connection = await createConnection(gateway, 'PIPEDREAM', { endUser: { id: 'bob' } })
      const bob = await asEndUser(gateway, 'bob')
      const isEndUser = caller === 'an end user'
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
      const responses = await Promise.all(
        ids.map(async (id) => {
          const headers = isEndUser ? { headers: bob.headers } : {}
          const stream = await openStream(gateway, { query: linkSubscription, variables: { id }, ...headers })
          return { status: stream.response.status, text: await stream.toItsEnd() }
        }),
      )
      expect(codesIn(responses[0]?.text ?? '')).toEqual(['NOT_FOUND'])
      for (const response of responses) expect(response).toEqual(responses[0])
    },
  )

  test('is 401 without credentials and sends no event', async () => {
    const gateway = await startTestGateway()
    const { id } = await createLinkOrThrow(gateway, 'PIPEDREAM')
    const stream = await openStream(gateway, { query: linkSubscription, variables: { id }, headers: {} })
    expect(stream.response.status).toBe(401)
    expect(await stream.toItsEnd()).not.toContain('CREATED')
  })
})

describe('connectLinkUpdated in a session', () => {
  test('sends url but never providerUrl', async () => {
    const gateway = await startTestGateway()
    const { id } = await createLinkOrThrow(gateway, 'PIPEDREAM', { endUser: { id: 'ada' } })
    const { headers } = await asEndUser(gateway, 'ada')
    const query = 'subscription ($id: ID) { connectLinkUpdated(id: $id) { status url providerUrl } }'
    const stream = await openStream(gateway, { query, variables: { id }, headers })
    const text = await stream.until(/data: .*\n/)
    expect(text).toContain(`"url":"${gateway.url}/connect/`)
    expect(text).toContain('"providerUrl":null')
  })

  test('sends only events of the links of its end user', async () => {
    const gateway = await startTestGateway()
    const [ada, bob] = [await asEndUser(gateway, 'ada'), await asEndUser(gateway, 'bob')]
    const linkOfBob = await createLinkOrThrow(gateway, 'PIPEDREAM', { endUser: { id: 'bob' } })
    const linkOfAda = await createLinkOrThrow(gateway, 'PIPEDREAM', { endUser: { id: 'ada' } })
    const streamOfBob = await openStream(gateway, { query: allLinksSubscription, headers: bob.headers })
    const streamOfAda = await openStream(gateway, { query: allLinksSubscription, headers: ada.headers })
    await Promise.all([streamOfBob.until(/^:/), streamOfAda.until(/^:/)])
    for (const { url } of [linkOfAda, linkOfBob]) await submitLinkPage(url ?? '')
    for (const { id } of [linkOfAda, linkOfBob]) await gateway.send(RevokeConnectLinkDocument, { id })
    for (const [stream, { id }] of [
      [streamOfAda, linkOfAda],
      [streamOfBob, linkOfBob],
    ] as const) {
      const seen = eventData(await stream.until(/REVOKED/))
      expect(seen).toEqual(
        ['OPENED', 'REVOKED'].map((status) => ({ data: { connectLinkUpdated: { id, status } } })),
      )
    }
  })

  test('sends every status of a link of its end user, then completes', async () => {
    const gateway = await startTestGateway()
    const { headers } = await asEndUser(gateway, 'ada')
    const { id } = await createLinkOrThrow(gateway, 'PIPEDREAM', { endUser: { id: 'ada' } })
    const events = subscribeToLinks(gateway, id, headers)
    expect(await next(events)).toMatchObject({ id, status: 'CREATED' })
    await gateway.send(RevokeConnectLinkDocument, { id })
    expect(await next(events)).toMatchObject({ id, status: 'REVOKED' })
    expect(await events.next()).toMatchObject({ done: true })
  })
})

const allLinksSubscription = 'subscription { connectLinkUpdated { id status } }'
