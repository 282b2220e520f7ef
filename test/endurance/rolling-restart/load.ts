import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, createClient } from 'graphql-sse'

export interface RollingRestart {
  /** Of the GraphQL endpoint, through the proxy. */
  readonly url: string
  readonly apiKey: string
  readonly queryWorkers: number
  readonly linkWorkers: number
  readonly subscribers: number
  /** Each restarts one gateway, and resolves when it serves again. */
  readonly restarts: readonly (() => Promise<void>)[]
  /** Duration of the load before, between and after the restarts. */
  readonly pauseMs: number
}

export interface RollingFigures {
  readonly queries: number
  readonly links: number
  readonly slowestMs: number
  /** Subscriptions that were cut and made again by their client. */
  readonly reconnects: number
  readonly subscribers: number
  /** Requests that failed, and subscriptions that missed their event; empty if nothing was lost. */
  readonly failures: readonly string[]
}

const queryText = '{ connections(first: 5) { nodes { id } } }'
const createText = `mutation ($input: CreateConnectLinkInput!) {
  createConnectLink(provider: PIPEDREAM, input: $input) {
    __typename ... on CreateConnectLinkPayload { connectLink { id } } ... on Error { code message } } }`
const revokeText = 'mutation ($id: ID!) { revokeConnectLink(id: $id) { __typename } }'
const subscribeText = 'subscription ($id: ID) { connectLinkUpdated(id: $id) { status } }'

/**
 * Restarts gateways one after the other under load: queries, creations with idempotency keys and subscriptions, each of
 * which must get the last event of its link. No request is repeated here.
 */
export async function runRollingRestart(options: RollingRestart): Promise<RollingFigures> {
  const load = createLoad(options)
  const client = createClient({
    url: options.url,
    headers: { authorization: `Bearer ${options.apiKey}` },
    on: { connecting: load.countReconnect },
  })
  const watched = await Promise.all(
    Array.from({ length: options.subscribers }, async () => {
      const id = await load.createLink()
      return { id, ...watch(client, id, load.fail) }
    }),
  )
  await Promise.all(watched.map(({ started }) => started))
  const workers = [
    ...Array.from({ length: options.queryWorkers }, () => load.repeat(load.query)),
    ...Array.from({ length: options.linkWorkers }, () => load.repeat(load.createLink)),
  ]
  for (const restart of options.restarts) {
    await sleep(options.pauseMs)
    await restart()
  }
  await sleep(options.pauseMs)
  load.stop()
  await Promise.all(workers)
  await Promise.all(watched.map(({ id }) => load.post(revokeText, { id })))
  const inTime = sleep(60_000, 'no last event', { ref: false })
  for (const { ended, id } of watched)
    if ((await Promise.race([ended, inTime])) !== 'REVOKED') load.fail(`subscription of ${id}: no last event`)
  client.dispose()
  return { ...load.figures(), subscribers: watched.length }
}

function createLoad({ url, apiKey }: RollingRestart) {
  const failures: string[] = []
  const counts = { queries: 0, links: 0, slowestMs: 0, reconnects: 0 }
  let isRunning = true
  const fail = (what: string) => void failures.push(what)

  async function post(query: string, variables: object) {
    const startedAt = performance.now()
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
      body: JSON.stringify({ query, variables }),
    })
    const text = await response.text()
    counts.slowestMs = Math.max(counts.slowestMs, Math.round(performance.now() - startedAt))
    if (response.status !== 200) throw new Error(`HTTP ${response.status}: ${text.slice(0, 200)}`)
    const { data, errors } = JSON.parse(text)
    if (errors !== undefined) throw new Error(JSON.stringify(errors).slice(0, 200))
    return data
  }

  return {
    post,
    fail,
    countReconnect(isRetry: boolean) {
      if (isRetry) counts.reconnects += 1
    },
    async query() {
      await post(queryText, {})
      counts.queries += 1
    },
    async createLink(): Promise<string> {
      const input = { connector: 'github', endUser: { id: randomUUID() }, idempotencyKey: randomUUID() }
      const { createConnectLink } = await post(createText, { input })
      if (createConnectLink.connectLink === undefined) throw new Error(JSON.stringify(createConnectLink))
      counts.links += 1
      return createConnectLink.connectLink.id
    },
    async repeat(send: () => Promise<unknown>): Promise<void> {
      while (isRunning)
        await send().catch((error) => fail(`${new Date().toISOString()} ${error.cause ?? error}`))
    },
    stop() {
      isRunning = false
    },
    figures: () => ({ ...counts, failures }),
  }
}

/** `ended` resolves with the status in the last event before the subscription completes. */
function watch(client: Client, id: string, fail: (what: string) => void) {
  let status = ''
  let start = () => {}
  const started = new Promise<void>((resolve) => {
    start = resolve
  })
  const ended = new Promise<string>((resolve) => {
    client.subscribe<{ connectLinkUpdated: { status: string } }>(
      { query: subscribeText, variables: { id } },
      {
        next({ data, errors }) {
          if (errors !== undefined) fail(`subscription of ${id}: ${JSON.stringify(errors)}`)
          status = data?.connectLinkUpdated.status ?? status
          start()
        },
        error(error) {
          fail(`subscription of ${id}: ${error}`)
          start()
          resolve('')
        },
        complete: () => resolve(status),
      },
    )
  })
  return { started, ended }
}
