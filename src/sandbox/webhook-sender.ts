import type { OutgoingWebhook } from './vendor.ts'

const timeoutMs = 10_000

/** Sends webhooks; `close` aborts those still in progress. */
export interface WebhookSender {
  /** The HTTP status, or undefined without a response within 10 s. Never rejects. */
  send(webhook: OutgoingWebhook): Promise<number | undefined>
  close(): void
}

export function createWebhookSender(): WebhookSender {
  const closed = new AbortController()
  return {
    async send({ url, body, headers }) {
      const signal = AbortSignal.any([closed.signal, AbortSignal.timeout(timeoutMs)])
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body,
          redirect: 'manual',
          signal,
        })
        await response.body?.cancel()
        return response.status
      } catch {
        return undefined // no server, timeout, or invalid URL: not distinguished
      }
    },
    close: () => closed.abort(),
  }
}
