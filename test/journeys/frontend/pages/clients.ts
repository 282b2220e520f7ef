// The API with other clients, at their default settings.
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { cacheExchange, createClient, fetchExchange, subscriptionExchange } from '@urql/core'
import { createClient as createSseClient } from 'graphql-sse'

const url = 'http://127.0.0.1:4000/graphql'
const { token } = (await (await fetch('/session')).json()) as { token: string }
const headers = { authorization: `Bearer ${token}` }
const create = `mutation { createConnectLink(provider: PIPEDREAM, input: { connector: "github" }) {
  ... on CreateConnectLinkPayload { connectLink { id } } ... on Error { code message } } }`
const watch = 'subscription ($id: ID!) { connectLinkUpdated(id: $id) { status } }'

interface Created {
  readonly createConnectLink: { readonly connectLink: { readonly id: string } }
}
interface Updated {
  readonly connectLinkUpdated: { readonly status: string }
}

const results: Record<string, unknown> = {}

const urql = createClient({ url, exchanges: [cacheExchange, fetchExchange], fetchOptions: { headers } })
const viewer = await urql.query('{ viewer { kind } }', {}).toPromise()
results.urql = viewer.data?.viewer.kind ?? viewer.error?.message
const created = await urql.mutation<Created>(create, {}).toPromise()
const id = created.data?.createConnectLink.connectLink.id

const apollo = new ApolloClient({ link: new HttpLink({ uri: url, headers }), cache: new InMemoryCache() })
const { data } = await apollo.query<{ viewer: { kind: string } }>({ query: gql`{ viewer { kind } }` })
results.apollo = data?.viewer.kind
results.apolloSubscription = await new Promise((resolve) => {
  const updates = apollo.subscribe<Updated>({ query: gql(watch), variables: { id } })
  const subscription = updates.subscribe({
    next({ data: update }) {
      resolve(update?.connectLinkUpdated.status)
      setTimeout(() => subscription.unsubscribe())
    },
    error: (error: Error) => resolve(error.message),
  })
})

const sse = createSseClient({ url, headers })
// As in schema/README.md.
const urqlUpdates = subscriptionExchange({
  forwardSubscription: ({ query = '', variables }) => ({
    subscribe: (sink) => ({ unsubscribe: sse.subscribe({ query, variables: variables ?? {} }, sink) }),
  }),
})
results.urqlSubscription = await new Promise((resolve) => {
  const updates = createClient({ url, exchanges: [urqlUpdates] }).subscription<Updated>(watch, { id })
  const { unsubscribe } = updates.subscribe(({ data: update, error }) => {
    resolve(update?.connectLinkUpdated.status ?? error?.message)
    setTimeout(() => unsubscribe())
  })
})
for await (const { data: update } of sse.iterate<Updated>({ query: watch, variables: { id } })) {
  results.sse = update?.connectLinkUpdated.status
  break
}

const output = document.createElement('output')
output.textContent = JSON.stringify(results)
document.body.append(output)
