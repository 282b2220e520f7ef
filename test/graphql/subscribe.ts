import { type Client, createClient } from 'graphql-sse'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import { type TestGateway, testApiKey } from '../helpers/gateway.ts'

const linkShape = z.object({
  id: z.string(),
  status: z.string(),
  connection: z.object({ id: z.string(), status: z.string() }).nullable(),
  history: z.array(z.object({ to: z.string(), source: z.string() })),
})
const connectionShape = z.object({
  id: z.string(),
  status: z.string(),
  endUser: z.object({ id: z.string() }).nullable(),
})

export type SeenLink = z.output<typeof linkShape>

/** As the application's server, unless other headers say who else. */
const server = { authorization: `Bearer ${testApiKey}` }

type Gateway = Pick<TestGateway, 'url'>

function clientOf({ url }: Gateway, headers: Record<string, string>): Client {
  const options = { url: `${url}/graphql`, headers, singleConnection: false, fetchFn: fetch } as const
  return createClient({ ...options, retryAttempts: 0 })
}

/** What a subscription says, one after the other; it is left when the test is over. */
async function* heard<Shape extends z.ZodType>(
  client: Client,
  { query, variables, shape }: { query: string; variables: Record<string, unknown>; shape: Shape },
): AsyncGenerator<z.output<Shape>> {
  const said = client.iterate({ query, variables })
  onTestFinished(() => client.dispose())
  for await (const { data, errors } of said) {
    if (errors) throw new Error(JSON.stringify(errors))
    yield shape.parse(data)
  }
}

/** Steps of links: of one, or of all that the bearer of the headers may see. */
export async function* watchedLinks(
  gateway: Gateway,
  id: string | null,
  headers: Record<string, string> = server,
): AsyncGenerator<SeenLink> {
  const query = `subscription ($id: ID) { connectLinkUpdated(id: $id) {
    id status connection { id status } history { to source } } }`
  const shape = z.object({ connectLinkUpdated: linkShape })
  const events = heard(clientOf(gateway, headers), { query, variables: { id }, shape })
  for await (const { connectLinkUpdated } of events) yield connectLinkUpdated
}

/** Changes of connections that the bearer of the headers may see. */
export async function* watchedConnections(
  gateway: Gateway,
  endUserId: string | null,
  headers: Record<string, string> = server,
) {
  const query = `subscription ($endUserId: String) { connectionUpdated(endUserId: $endUserId) {
    id status endUser { id } } }`
  const shape = z.object({ connectionUpdated: connectionShape })
  const events = heard(clientOf(gateway, headers), { query, variables: { endUserId }, shape })
  for await (const { connectionUpdated } of events) yield connectionUpdated
}

/** The next of a stream that does not end there. */
export async function next<Item>(events: AsyncGenerator<Item>): Promise<Item> {
  const { done, value } = await events.next()
  if (done === true) throw new Error('the stream has ended')
  return value
}

/** Everything up to its end. */
export async function rest<Item>(events: AsyncIterable<Item>): Promise<readonly Item[]> {
  const items: Item[] = []
  for await (const item of events) items.push(item)
  return items
}

/** The stream itself, byte by byte as text. */
export async function openStream(
  { url }: Gateway,
  {
    query,
    variables = {},
    headers = server,
  }: {
    readonly query: string
    readonly variables?: object
    readonly headers?: Record<string, string>
  },
) {
  const leaving = new AbortController()
  onTestFinished(() => leaving.abort())
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query, variables }),
    signal: leaving.signal,
  })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let seen = ''
  return {
    response,
    leave: () => leaving.abort(),
    /** Reads until that has been said, and answers everything so far. */
    async until(pattern: RegExp): Promise<string> {
      while (!pattern.test(seen)) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
        if (done) throw new Error(`the stream has ended: ${seen}`)
        seen += value
      }
      return seen
    },
    /** Reads to the end. */
    async toItsEnd(): Promise<string> {
      for (;;) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
        if (done) return seen
        seen += value
      }
    },
  }
}

/** Everything that a stream has said, without its signs of life. */
export const dataIn = (text: string): readonly unknown[] =>
  [...text.matchAll(/^event: next\ndata: (.*)\n/gm)].map(([, json = '']) => JSON.parse(json))

const refused = z.object({
  errors: z.array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }) })),
})

/** Codes of the errors that a stream's first answer carries. */
export const codesIn = (text: string): readonly string[] =>
  refused.parse(dataIn(text)[0]).errors.map(({ extensions }) => extensions.code)
