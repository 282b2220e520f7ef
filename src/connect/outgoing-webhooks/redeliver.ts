import { ConflictError, InvalidInputError, NotFoundError } from '../../domain/errors.ts'
import type { WebhookMessageRow } from '../../store/schema.ts'
import * as store from '../../store/webhook-messages.ts'
import type { ConnectContext } from '../context.ts'
import { findEndpoint } from './manage-endpoints.ts'

type Context = Pick<ConnectContext, 'db' | 'now'>

/** Sends a `webhook.test` message to an endpoint. Throws NotFoundError, and ConflictError if it is disabled. */
export async function sendTest(context: Context, endpointId: string): Promise<WebhookMessageRow> {
  const { id, disabledAt } = await findEndpoint(context, endpointId)
  if (disabledAt !== null) throw new ConflictError('INVALID_STATE', 'The webhook endpoint is disabled.')
  return store.insertMessage(context.db, {
    endpointId: id,
    type: 'webhook.test',
    subject: 'test',
    createdAt: context.now(),
  })
}

export interface Redelivery {
  /** Of one message. */
  readonly id?: string | null | undefined
  /** Of all messages to the endpoint that were created since then, delivered or not. */
  readonly endpointId?: string | null | undefined
  readonly since?: Date | null | undefined
}

/**
 * Sends messages again, with the same `webhook-id`. Returns how many. Throws NotFoundError, and InvalidInputError unless
 * there is either a message or an endpoint with a time.
 */
export async function redeliverMessages(
  context: Context,
  { id, endpointId, since }: Redelivery,
): Promise<number> {
  const at = context.now()
  if (id != null && endpointId == null && since == null) {
    const [message] = await store.findMessages(context.db, [id])
    if (message === undefined) throw new NotFoundError('There is no such webhook message.')
    return store.redeliver(context.db, { endpointId: message.endpointId, id: message.id, at })
  }
  if (id != null || endpointId == null || since == null)
    throw new InvalidInputError([
      { path: ['id'], message: 'either id, or endpointId with since, is required' },
    ])
  const endpoint = await findEndpoint(context, endpointId)
  return store.redeliver(context.db, { endpointId: endpoint.id, since, at })
}
