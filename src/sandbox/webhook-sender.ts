import type { OutgoingWebhook } from './vendor.ts'

const timeoutMs = 10_000

/** Posts webhooks to others; `close` gives up on those still under way. */
export interface WebhookSender {
  deliver(delivery: OutgoingWebhook): Promise<number | undefined>
  close(): void
}

export function createWebhookSender(): WebhookSender {
  const closed = new AbortController()
  return {
    async deliver({ url, body, headers }) {
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
        return undefined // nobody there, too slow, or not an address: for a sender all the same
      }
    },
    close: () => closed.abort(),
  }
}
