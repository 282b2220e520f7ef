import { z } from 'zod'
import { webhookAddress } from '../../../src/connect/webhooks/webhook-address.ts'
import type { ProviderKey } from '../../generated/graphql.ts'
import type { OpenGateway } from '../gateway.ts'
import { requests } from '../observe.ts'

const tokenRequest = z.object({ webhook_uri: z.string() })

/** Where Pipedream was told to report about the newest link. */
export async function newestWebhook(gateway: OpenGateway): Promise<string> {
  const asked = await requests(gateway)
  const newest = asked.findLast(({ method, path }) => method === 'POST' && path.endsWith('/tokens'))
  return tokenRequest.parse(newest?.body).webhook_uri
}

/** Posts bytes as a provider would; answers the status. */
export async function report(
  url: string,
  body: string,
  headers: Record<string, string> = {},
): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
  await response.arrayBuffer()
  return response.status
}

/** What Pipedream posts; the number in it is more than a double can hold. */
export const pipedreamReport = (event: 'CONNECTION_SUCCESS' | 'CONNECTION_ERROR', rest: object): string =>
  `{"event":"${event}","connect_token":"ctok_x","environment":"development",` +
  `"connect_session_id":1267650600228229401496703205377,${JSON.stringify(rest).slice(1)}`

/** A provider's own address at the gateway, and the secret with which it signs. */
export function addressOf({ connect }: OpenGateway, key: ProviderKey) {
  const provider = connect.providers.configured.find((one) => one.key === key)
  if (provider === undefined) throw new Error('the provider is not configured')
  return webhookAddress(connect, provider)
}
