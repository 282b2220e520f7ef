import { z } from 'zod'
import { webhookAddress } from '../../../src/connect/webhooks/webhook-address.ts'
import type { ProviderKey } from '../../generated/graphql.ts'
import type { OpenGateway } from '../gateway.ts'
import { requests } from '../observe.ts'

const tokenRequest = z.object({ webhook_uri: z.string() })

/** The webhook URL that the gateway sent to Pipedream with the newest link. */
export async function newestWebhookUrl(gateway: OpenGateway): Promise<string> {
  const sent = await requests(gateway)
  const newest = sent.findLast(({ method, path }) => method === 'POST' && path.endsWith('/tokens'))
  return tokenRequest.parse(newest?.body).webhook_uri
}

/** POSTs a webhook like a provider; returns the response status. */
export async function postWebhook(
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

/** A webhook body of Pipedream. Its session id is larger than a double can represent exactly. */
export const pipedreamEvent = (event: 'CONNECTION_SUCCESS' | 'CONNECTION_ERROR', rest: object): string =>
  `{"event":"${event}","connect_token":"ctok_x","environment":"development",` +
  `"connect_session_id":1267650600228229401496703205377,${JSON.stringify(rest).slice(1)}`

/** The account's webhook URL at the gateway, and the secret that the provider signs with. */
export function webhookAddressOf({ connect }: OpenGateway, key: ProviderKey) {
  const provider = connect.providers.configured.find((provider) => provider.key === key)
  if (provider === undefined) throw new Error('the provider is not configured')
  return webhookAddress(connect, provider)
}
