import type { WebhookDelivery } from '../../src/providers/adapter.ts'
import { listen } from '../helpers/listen.ts'

export interface Inbox {
  readonly url: string
  /** Removes and returns the oldest delivery; waits until there is one. */
  next(): Promise<Omit<WebhookDelivery, 'secrets'>>
}

/** Opens a webhook receiver that returns 204 for every request. */
export async function openInbox(): Promise<Inbox> {
  const waiting: ((delivery: Omit<WebhookDelivery, 'secrets'>) => void)[] = []
  const arrived: Omit<WebhookDelivery, 'secrets'>[] = []
  const { href } = await listen(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const delivery = { body: Buffer.concat(chunks), headers: request.headers }
    const resolve = waiting.shift()
    if (resolve) resolve(delivery)
    else arrived.push(delivery)
    response.writeHead(204).end()
  })
  return {
    url: `${href}hook`,
    next: async () => arrived.shift() ?? new Promise((resolve) => waiting.push(resolve)),
  }
}
