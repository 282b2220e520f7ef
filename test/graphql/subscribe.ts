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

export type LinkEvent = z.output<typeof linkShape>

/** Default caller: the API key. */
const apiKeyHeaders = { authorization: `Bearer ${testApiKey}` }

type Gateway = Pick<TestGateway, 'url'>

function clientOf({ url }: Gateway, headers: Record<string, string>): Client {
  const options = { url: `${url}/graphql`, headers, singleConnection: false, fetchFn: fetch } as const
  return createClient({ ...options, retryAttempts: 0 })
}

/** Yields the events of a subscription. The client is disposed when the test finishes. Throws on GraphQL errors. */
async function* eventsOf<Shape extends z.ZodType>(
  client: Client,
  { query, variables, shape }: { query: string; variables: Record<string, unknown>; shape: Shape },
): AsyncGenerator<z.output<Shape>> {
  const results = client.iterate({ query, variables })
  onTestFinished(() => client.dispose())
  for await (const { data, errors } of results) {
    if (errors) throw new Error(JSON.stringify(errors))
    yield shape.parse(data)
  }
}

/** Yields the updates of one link, or with `null` of all links that the caller may see. */
export async function* subscribeToLinks(
  gateway: Gateway,
  id: string | null,
  headers: Record<string, string> = apiKeyHeaders,
): AsyncGenerator<LinkEvent> {
  const query = `subscription ($id: ID) { connectLinkUpdated(id: $id) {
    id status connection { id status } history { to source } } }`
  const shape = z.object({ connectLinkUpdated: linkShape })
  const events = eventsOf(clientOf(gateway, headers), { query, variables: { id }, shape })
  for await (const { connectLinkUpdated } of events) yield connectLinkUpdated
}

/** Yields the updates of the connections that the caller may see. */
export async function* subscribeToConnections(
  gateway: Gateway,
  endUserId: string | null,
  headers: Record<string, string> = apiKeyHeaders,
) {
  const query = `subscription ($endUserId: String) { connectionUpdated(endUserId: $endUserId) {
    id status endUser { id } } }`
  const shape = z.object({ connectionUpdated: connectionShape })
  const events = eventsOf(clientOf(gateway, headers), { query, variables: { endUserId }, shape })
  for await (const { connectionUpdated } of events) yield connectionUpdated
}

/** Returns the next event. Throws if the stream has ended. */
export async function next<Item>(events: AsyncGenerator<Item>): Promise<Item> {
  const { done, value } = await events.next()
  if (done === true) throw new Error('the stream has ended')
  return value
}

/** Collects all events until the stream ends. */
export async function collect<Item>(events: AsyncIterable<Item>): Promise<readonly Item[]> {
  const items: Item[] = []
  for await (const item of events) items.push(item)
  return items
}

/** Opens a subscription as a raw server-sent event stream. It is aborted when the test finishes. */
export async function openStream(
  { url }: Gateway,
  {
    query,
    variables = {},
    headers = apiKeyHeaders,
  }: {
    readonly query: string
    readonly variables?: object
    readonly headers?: Record<string, string>
  },
) {
  const controller = new AbortController()
  onTestFinished(() => controller.abort())
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query, variables }),
    signal: controller.signal,
  })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let received = ''
  return {
    response,
    disconnect: () => controller.abort(),
    /** What has been read so far. */
    received: () => received,
    /** Reads until the received text matches, and returns all of it. Throws if the stream ends before that. */
    async until(pattern: RegExp): Promise<string> {
      while (!pattern.test(received)) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
        if (done) throw new Error(`the stream has ended: ${received}`)
        received += value
      }
      return received
    },
    /** Reads until the connection is cut, and returns all received text. Throws if the stream ends. */
    async toItsCut(): Promise<string> {
      for (;;) {
        const read = await reader?.read().catch(() => null)
        if (read === null) return received
        if (read === undefined || read.done) throw new Error(`the stream has ended: ${received}`)
        received += read.value
      }
    },
    /** Reads until the stream ends, and returns all received text. */
    async toItsEnd(): Promise<string> {
      for (;;) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
        if (done) return received
        received += value
      }
    },
  }
}

/** The payloads of all `next` events in the stream text, without heartbeats. */
export const eventData = (text: string): readonly unknown[] =>
  [...text.matchAll(/^event: next\ndata: (.*)\n/gm)].map(([, json = '']) => JSON.parse(json))

const errorResultShape = z.object({
  errors: z.array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }) })),
})

/** The error codes in the first event of a stream. */
export const codesIn = (text: string): readonly string[] =>
  errorResultShape.parse(eventData(text)[0]).errors.map(({ extensions }) => extensions.code)
