import { createHmac, timingSafeEqual } from 'node:crypto'
import type { SandboxRequest, SandboxResponse } from './http-types.ts'
import { type InboxMessage, inboxPage } from './inbox-page.ts'
import { createRouter, type Router } from './router.ts'

/** The secret that messages to the inbox are signed with. As the credentials of the sandbox, it is no secret. */
export const inboxSecret = `whsec_${Buffer.from('the inbox of the sandbox: public').toString('base64')}`
export const inboxPath = '/inbox'

const maxMessages = 100
const toleranceSeconds = 300

/** Receives webhooks of the gateway as an application would, and shows the latest 100 with their verification. */
export function createInbox(now: () => Date = () => new Date()): {
  readonly api: Router
  readonly pages: Router
} {
  const messages: InboxMessage[] = []
  function receive(request: SandboxRequest): SandboxResponse {
    const at = now()
    messages.unshift({
      receivedAt: at,
      id: String(request.headers['webhook-id'] ?? ''),
      type: typeOf(request),
      isVerified: isVerified(request, at),
      body: request.rawBody,
    })
    messages.length = Math.min(messages.length, maxMessages)
    return { status: 204 }
  }
  return {
    api: createRouter({ [`POST ${inboxPath}`]: receive }),
    pages: createRouter({ [`GET ${inboxPath}`]: () => inboxPage(messages) }),
  }
}

const typeOf = ({ rawBody }: SandboxRequest): string => /"type":"([\w.]+)"/.exec(rawBody)?.[1] ?? ''

/** By the rules of Standard Webhooks. */
function isVerified({ headers, rawBody }: SandboxRequest, at: Date): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers
  if (Math.abs(Number(timestamp) - at.getTime() / 1_000) > toleranceSeconds) return false
  const key = Buffer.from(inboxSecret.slice('whsec_'.length), 'base64')
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${rawBody}`).digest()
  return String(signatures)
    .split(' ')
    .some((signature) => {
      const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64')
      return given.length === expected.length && timingSafeEqual(given, expected)
    })
}
