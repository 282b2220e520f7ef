import type { Config } from '../../app/config.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { type Result, result } from './check.ts'
import { probe } from './probe.ts'

export interface WebhookTarget {
  readonly account: ConfiguredProvider
  /** The account's webhook URL; secret. `null`: the encryption key is not known. */
  readonly url: string | null
}

/**
 * Whether the gateway answers at an account's webhook URL, seen from this machine. A delivery that is not authentic is
 * refused and not stored.
 */
export async function checkWebhookUrl(
  { account, url }: WebhookTarget,
  config: Pick<Config, 'publicUrl'>,
  signal: AbortSignal,
): Promise<readonly Result[]> {
  const { name, capabilities, sandbox } = account
  const check = 'webhook URL'
  if (!capabilities.completion.includes('WEBHOOK')) return []
  if (url === null)
    return [result('SKIP', check, 'The webhook URL is derived from the encryption key, which is not known.')]
  if (!sandbox && !url.startsWith('https:'))
    return [
      result(
        'WARN',
        check,
        `${name} sends webhooks to https URLs only, and completion is found by polling: set PUBLIC_URL to an https URL.`,
      ),
    ]
  const answer = await probe(url, signal, { method: 'POST', body: 'doctor' })
  if (answer.response === null) {
    if (config.publicUrl === null)
      return [result('SKIP', check, 'No gateway runs that could receive webhooks.')]
    const message = `The webhook URL cannot be reached (${answer.reason}): check PUBLIC_URL, proxy and firewall.`
    return [result('FAIL', check, message)]
  }
  const { status } = answer.response
  if (status === 401 && answer.text === '{"status":"unauthorized"}')
    return [result('PASS', check, 'The gateway answers at the webhook URL, seen from this machine.')]
  const message = `The webhook URL does not lead to the gateway (HTTP ${status}): let /webhooks/ through the proxy.`
  return [result('FAIL', check, message)]
}

/** Whether anything answers at WEBHOOK_URL, the application's own endpoint. No event is sent. */
export async function checkApplicationEndpoint(
  { webhooks }: Pick<Config, 'webhooks'>,
  signal: AbortSignal,
): Promise<readonly Result[]> {
  const check = 'reachable'
  if (webhooks.endpoint === null) return []
  const answer = await probe(webhooks.endpoint.url, signal, { method: 'HEAD' })
  if (answer.response !== null) return [result('PASS', check, 'The application answers at WEBHOOK_URL.')]
  return [
    result(
      'FAIL',
      check,
      `WEBHOOK_URL cannot be reached (${answer.reason}): check the address and that the application runs.`,
    ),
  ]
}
