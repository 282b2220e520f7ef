import { createHmac } from 'node:crypto'
import { request } from 'node:http'
import { describe, expect, test } from 'vitest'
import { decide, goThrough } from '../../helpers/gateway.ts'
import { openGateway } from '../gateway.ts'
import { atRest, connectionRows, everything, reached } from '../observe.ts'
import { addressOf, newestWebhook, pipedreamReport, report } from './post-webhook.ts'

const success = pipedreamReport('CONNECTION_SUCCESS', { account: { id: 'apn_1' } })
const failure = pipedreamReport('CONNECTION_ERROR', { error: 'no' })

/** Links that wait for their end users, a connection that is there, and an address for reports. */
async function waiting() {
  const gateway = await openGateway()
  const done = await gateway.createLink('PIPEDREAM', 'slack')
  await decide(done.url, 'approve')
  await reached(gateway, done.id, 'COMPLETED')
  await atRest(gateway)
  const fivetran = await gateway.createLink('FIVETRAN', 'hubspot')
  await goThrough(fivetran.url)
  const pipedream = await gateway.createLink('PIPEDREAM', 'github')
  await goThrough(pipedream.url)
  const webhook = await newestWebhook(gateway)
  const half = (await connectionRows(gateway)).find(({ provider }) => provider === 'FIVETRAN')
  const event = (name: string) =>
    JSON.stringify({ event: name, created: '2026-11-22T08:00:00Z', connector_id: half?.remoteId })
  return { gateway, webhook, token: webhook.split('/').at(-1) ?? '', event }
}

type Waiting = Awaited<ReturnType<typeof waiting>>

const signed = (secret: string, body: string) => ({
  'x-fivetran-signature-256': createHmac('sha256', secret).update(body).digest('hex'),
})

/** Everything that is not from a provider, with the answer it gets. */
const forgeries: readonly (readonly [string, (waiting: Waiting) => Promise<number>])[] = [
  [
    'a guessed address',
    ({ gateway }) => report(`${gateway.url}/webhooks/pipedream/${'a'.repeat(43)}`, failure),
  ],
  ['no address at all', ({ gateway }) => report(`${gateway.url}/webhooks/pipedream/`, failure)],
  ['an unknown provider', ({ gateway, token }) => report(`${gateway.url}/webhooks/acme/${token}`, failure)],
  [
    'the secret of another provider’s link',
    ({ gateway, token, event }) =>
      report(`${gateway.url}/webhooks/fivetran/${token}`, event('connection_successful')),
  ],
  [
    'a provider that never reports',
    ({ gateway, token }) => report(`${gateway.url}/webhooks/census/${token}`, failure),
  ],
  ['an address with a query', ({ webhook }) => report(`${webhook}?x=1`, failure)],
  ['the address and a part of a report', ({ webhook }) => report(webhook, success.slice(0, -10))],
  ['the address and nothing', ({ webhook }) => report(webhook, '')],
  ['the address and a list', ({ webhook }) => report(webhook, '[]')],
  [
    'Fivetran’s address without a signature',
    ({ gateway, event }) => report(addressOf(gateway, 'FIVETRAN').url, event('delete_connector')),
  ],
  [
    'Fivetran’s address with a signature of something else',
    ({ gateway, event }) => {
      const { url, secret } = addressOf(gateway, 'FIVETRAN')
      return report(url, event('delete_connector'), signed(secret, event('connection_successful')))
    },
  ],
  [
    'Fivetran’s address with another secret',
    ({ gateway, event }) => {
      const body = event('connection_successful')
      return report(addressOf(gateway, 'FIVETRAN').url, body, signed('another secret', body))
    },
  ],
  [
    'Fivetran’s address with an empty secret',
    ({ gateway, event }) => {
      const body = event('connection_successful')
      return report(addressOf(gateway, 'FIVETRAN').url, body, signed('', body))
    },
  ],
  [
    'a right signature at a guessed address',
    ({ gateway, event }) => {
      const body = event('delete_connector')
      const url = `${gateway.url}/webhooks/fivetran/${'a'.repeat(43)}`
      return report(url, body, signed(addressOf(gateway, 'FIVETRAN').secret, body))
    },
  ],
]

describe('a delivery from somebody else', () => {
  test('is answered 401 and changes nothing, whatever it is', async () => {
    const here = await waiting()
    const before = await everything(here.gateway)
    for (const [what, forge] of forgeries) {
      expect([what, await forge(here)]).toEqual([what, 401])
      expect(await everything(here.gateway), what).toEqual(before)
    }
    await here.gateway.close()
    expect(await everything(here.gateway)).toEqual(before)
    expect(here.gateway.logged()).not.toContain(here.token)
  })
})

/** Posts that much without end, with or without saying so beforehand; answers the status. */
function flood(url: string, bytes: number, saysSo: boolean): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = saysSo ? { 'content-length': bytes } : { 'transfer-encoding': 'chunked' }
    const posting = request(url, { method: 'POST', headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
      posting.destroy()
    })
    posting.on('error', reject)
    posting.write(Buffer.alloc(saysSo ? 1_000 : bytes, 'a'))
  })
}

describe('a delivery that is no delivery', () => {
  test.each([
    ['ten megabytes that are announced', true],
    ['ten megabytes that are not', false],
  ])('%s: 413, and the gateway goes on', async (_, saysSo) => {
    const { gateway, webhook, token } = await waiting()
    const before = await everything(gateway)

    expect(await flood(webhook, 10_000_000, saysSo)).toBe(413)

    expect(await everything(gateway)).toEqual(before)
    expect((await fetch(`${gateway.url}/health`)).status).toBe(200)
    expect(await report(webhook, failure)).toBe(204)
    expect(gateway.logged()).not.toContain(token)
  })

  test.each(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH'])('%s: 405', async (method) => {
    const { gateway, webhook } = await waiting()
    const before = await everything(gateway)
    const answer = await fetch(webhook, { method })

    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST'])
    expect(await everything(gateway)).toEqual(before)
  })
})
