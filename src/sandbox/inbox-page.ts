import { contentPage, escapeHtml } from './hosted-page.ts'
import type { SandboxResponse } from './http-types.ts'

export interface InboxMessage {
  readonly receivedAt: Date
  readonly id: string
  readonly type: string
  /** Whether one of its signatures is right and its time is at most five minutes away. */
  readonly isVerified: boolean
  readonly body: string
}

const brand = { name: 'Webhook inbox', accent: '#4a3aff' }

/** The page with the messages, newest first. */
export function inboxPage(messages: readonly InboxMessage[]): SandboxResponse {
  const list = messages.map(messageHtml).join('\n')
  const text =
    'Webhooks that the gateway has sent to this address, as your application would receive them, newest first.'
  return contentPage(
    brand,
    'Webhook inbox',
    `<h1>Webhook inbox</h1>
<p>${text}</p>
${list === '' ? '<p>Nothing has been received yet. Create a link, and reload this page.</p>' : list}
<p><a href="">Reload</a></p>`,
  )
}

function messageHtml({ type, id, isVerified, receivedAt, body }: InboxMessage): string {
  const facts = [
    ['Received', receivedAt.toISOString()],
    ['Message', id],
    ['Signature', isVerified ? 'verified' : 'NOT VALID'],
  ].map(([label = '', value = '']) => `<dt>${label}</dt><dd>${escapeHtml(value)}</dd>`)
  return `<details><summary>${escapeHtml(type || 'unknown')} · ${isVerified ? 'verified' : 'not valid'}</summary>
<dl>${facts.join('')}</dl><pre>${escapeHtml(formatted(body))}</pre></details>`
}

function formatted(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}
