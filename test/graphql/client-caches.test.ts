import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { Client, fetchExchange } from '@urql/core'
import { type CacheExchangeOpts, cacheExchange } from '@urql/exchange-graphcache'
import { expect, test } from 'vitest'
import introspection from '../../schema/introspection.json' with { type: 'json' }
import possibleTypes from '../../schema/possible-types.json' with { type: 'json' }
import { startTestGateway, testApiKey } from '../helpers/gateway.ts'

const headers = { authorization: `Bearer ${testApiKey}` }
const input = { connector: 'hubspot', endUser: { id: 'ada' } }
const text = `($input: CreateConnectLinkInput!) {
  planConnectLink(input: $input) {
    ... on PlanConnectLinkPayload { selection { connectorKey } }
    ... on Error { code message }
  }
  providers { key name }
}`
const refused = { planConnectLink: { code: 'NOT_FOUND', message: expect.any(String) } }

test('an interface of errors survives the cache of Apollo Client with possible-types.json', async () => {
  const { url } = await startTestGateway({ env: { SANDBOX: 'off' } })
  const read = async (cache: InMemoryCache) => {
    const client = new ApolloClient({ link: new HttpLink({ uri: `${url}/graphql`, headers }), cache })
    const query = gql(`query ${text}`)
    await client.query({ query, variables: { input } })
    return client.readQuery<Record<string, object>>({ query, variables: { input } })
  }
  expect(await read(new InMemoryCache({ possibleTypes }))).toMatchObject(refused)
  // Otherwise the test shows nothing.
  const log = console.error
  console.error = () => undefined
  const withoutTypes = await read(new InMemoryCache())
  console.error = log
  expect(withoutTypes?.planConnectLink).not.toHaveProperty('code')
})

test('an interface of errors survives graphcache with introspection.json, also by its default transport', async () => {
  const { url } = await startTestGateway({ env: { SANDBOX: 'off' } })
  const client = new Client({
    url: `${url}/graphql`,
    fetchOptions: { headers },
    exchanges: [
      cacheExchange({ schema: introspection as NonNullable<CacheExchangeOpts['schema']> }),
      fetchExchange,
    ],
  })
  for (const requestPolicy of ['network-only', 'cache-only'] as const) {
    const { data, error } = await client.query(`query ${text}`, { input }, { requestPolicy })
    expect(error).toBeUndefined()
    expect(data).toMatchObject(refused)
  }
})
