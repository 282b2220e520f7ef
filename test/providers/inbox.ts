import type { WebhookDelivery } from '../../src/providers/adapter.ts'
import { listen } from '../helpers/listen.ts'

export interface Inbox {
  readonly url: string
  /** The oldest delivery that nobody has taken yet; waits until there is one. */
  next(): Promise<Omit<WebhookDelivery, 'secrets'>>
}

/** An address that webhooks can be posted to; it answers 204 to everything. */
export async function openInbox(): Promise<Inbox> {
  const waiting: ((delivery: Omit<WebhookDelivery, 'secrets'>) => void)[] = []
  const arrived: Omit<WebhookDelivery, 'secrets'>[] = []
  const { href } = await listen(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const delivery = { body: Buffer.concat(chunks), headers: request.headers }
    const taker = waiting.shift()
    if (taker) taker(delivery)
    else arrived.push(delivery)
    response.writeHead(204).end()
  })
  return {
    url: `${href}hook`,
    next: async () => arrived.shift() ?? new Promise((resolve) => waiting.push(resolve)),
  }
}
