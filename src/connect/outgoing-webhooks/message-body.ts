import { encodeGlobalId } from '../../domain/global-id.ts'
import type { WebhookData } from '../../domain/webhook-events.ts'
import type { WebhookMessageRow } from '../../store/schema.ts'

type Message = Pick<WebhookMessageRow, 'type' | 'createdAt' | 'subject' | 'data'>

/**
 * The body of a message as JSON: `type`, `timestamp` and `data` with IDs and states, never a URL or a secret. `thin`: `data`
 * has the `id` only.
 */
export function messageBody({ type, createdAt, subject, data }: Message, thin: boolean): string {
  const full = dataOf(subject, data)
  return JSON.stringify({
    type,
    timestamp: createdAt.toISOString(),
    data: thin ? { ...('id' in full && { id: full.id }) } : full,
  })
}

function dataOf(subject: string, data: WebhookData): Readonly<Record<string, unknown>> {
  const common = {
    provider: data.provider,
    connector: data.connector,
    end_user_id: data.end_user,
    organization_id: data.organization,
  }
  if (subject.startsWith('link ') && data.link !== undefined)
    return {
      id: encodeGlobalId('ConnectLink', data.link),
      status: data.status,
      reason: data.reason,
      failure: data.failure == null ? null : { code: data.failure },
      purpose: data.purpose,
      connection_id: data.connection == null ? null : encodeGlobalId('Connection', data.connection),
      ...common,
    }
  if (subject.startsWith('connection ') && data.connection != null)
    return {
      id: encodeGlobalId('Connection', data.connection),
      // `connection.renewed` comes from a link: the status is that of the link.
      ...(data.link === undefined
        ? { status: data.status, health: data.health }
        : { connect_link_id: encodeGlobalId('ConnectLink', data.link) }),
      ...common,
    }
  return { ...data }
}
