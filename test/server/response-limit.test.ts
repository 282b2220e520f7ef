import { createSchema, createYoga } from 'graphql-yoga'
import { describe, expect, test } from 'vitest'
import type { Viewer } from '../../src/domain/viewer.ts'
import { useErrorCodes } from '../../src/server/use-error-codes.ts'
import { useResponseLimit } from '../../src/server/use-response-limit.ts'
import { responseLimits } from '../../src/server/yoga.ts'
import { asEndUser } from '../graphql/as-end-user.ts'
import { createLinks, linkInput } from '../graphql/create-many.ts'
import { postQuery } from '../graphql/open.ts'
import { startTestGateway } from '../helpers/gateway.ts'

const viewer: Viewer = {
  kind: 'END_USER',
  id: 'session-1',
  name: null,
  scopes: [],
  endUser: { id: 'user-1', name: null, email: null, organization: null },
  limits: null,
  organizationAccess: null,
  expiresAt: null,
}

describe('a response that is larger than the limit', () => {
  test('is replaced by an error, for sessions from 2 MB, for API keys from 10 MB', async () => {
    const gateway = await startTestGateway({ env: { MAX_OPEN_LINKS_PER_END_USER: '100' } })
    await createLinks(
      gateway,
      Array.from({ length: 100 }, () => linkInput('CENSUS')),
    )
    const { db } = gateway.connect
    const session = await asEndUser(gateway, 'user-1')
    const query = '{ connectLinks(first: 100) { nodes { instructions } } }'
    const fill = (length: number) =>
      db
        .updateTable('connectLinks')
        .set({ instructions: 'é'.repeat(length / 2) })
        .execute()

    await fill(10_000)
    expect(await session.query(query)).toMatchObject({ status: 200, codes: [] })
    await fill(20_000)
    const refused = await session.query(query)
    expect(refused).toMatchObject({ status: 200, codes: ['RESPONSE_TOO_LARGE'], data: null })
    expect(refused.text.length).toBeLessThan(400)
    expect(await postQuery(gateway, query)).toMatchObject({ codes: [] })
    await fill(100_000)
    expect(await postQuery(gateway, query)).toMatchObject({ codes: ['RESPONSE_TOO_LARGE'], data: null })
    expect(responseLimits).toEqual({ apiKey: 10_000_000, session: 2_000_000 })
  })

  test('as an event of a subscription is replaced too, and the stream goes on', async () => {
    const schema = createSchema<{ viewer: Viewer }>({
      typeDefs: 'type Query { a: String } type Subscription { text: String }',
      resolvers: {
        Subscription: {
          text: {
            async *subscribe() {
              for (const length of [10, 1_000, 20]) yield { text: 'x'.repeat(length) }
            },
          },
        },
      },
    })
    const yoga = createYoga({
      schema,
      logging: false,
      context: { viewer },
      plugins: [useResponseLimit({ apiKey: 10_000, session: 500 }), useErrorCodes({ hideNames: false })],
    })
    const response = await yoga.fetch('http://x/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription { text }' }),
    })
    const events = [...(await response.text()).matchAll(/^data: (\{.*)$/gm)].map(([, json = '']) =>
      JSON.parse(json),
    )
    expect(events).toMatchObject([
      { data: { text: 'x'.repeat(10) } },
      { data: null, errors: [{ extensions: { code: 'RESPONSE_TOO_LARGE', limitBytes: 500 } }] },
      { data: { text: 'x'.repeat(20) } },
    ])
  })
})
