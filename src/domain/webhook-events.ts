/** The types of the events that are sent to the application's webhook endpoints, with what each one reports. */
export const webhookEventTypes = {
  'connect_link.created': 'A connect link was created.',
  'connect_link.opened': 'An end user opened the link for the first time.',
  'connect_link.attempt_failed':
    'An attempt to connect failed, was denied or was cancelled; the link stays open. `data.failure` has the code.',
  'connect_link.completed': 'The account is connected: `data.connection_id`.',
  'connect_link.failed': 'The link ended without a connection.',
  'connect_link.expired': 'The link expired.',
  'connect_link.revoked': 'The link was revoked.',
  'connect_link.superseded': 'A newer link replaced the link.',
  'connection.created': 'A connection was added to the list of connections.',
  'connection.assigned': 'A connection was assigned to an end user, or to another one.',
  'connection.renewed': 'A reconnect link of the connection completed: its authorization is new.',
  'connection.health_changed': 'The health of the connection changed: `data.health`.',
  'connection.status_changed': 'The status of the connection changed: `data.status`.',
  'connection.removed': 'The connection was removed at its provider: its status is DISCONNECTED.',
  'connection.erased': 'The gateway deleted the connection, or what it stored about its end user.',
  'catalogue.changed':
    'A sync of the connector catalogue added, changed or removed connectors of `data.provider`.',
  'webhook.test': 'Sent by `sendTestWebhook`, to the endpoint that it names only.',
} as const
export type WebhookEventType = keyof typeof webhookEventTypes

export const isWebhookEventType = (type: string): type is WebhookEventType =>
  Object.hasOwn(webhookEventTypes, type)

/** Types that an endpoint can subscribe to. */
export const subscribableTypes = Object.keys(webhookEventTypes).filter(
  (type) => type !== 'webhook.test',
) as readonly WebhookEventType[]

/**
 * Whether a message is still to be delivered. FAILED: all attempts of its schedule failed; it is sent again only on
 * request.
 */
export const messageStates = ['PENDING', 'DELIVERED', 'FAILED'] as const
export type MessageState = (typeof messageStates)[number]

/** Why an endpoint receives nothing. */
export const disabledReasons = ['API_CALL', 'GONE', 'FAILING'] as const
export type DisabledReason = (typeof disabledReasons)[number]

/** What the database stores about an event; IDs are those of the tables. Absent: not about that. */
export interface WebhookData {
  readonly link?: string
  readonly connection?: string | null
  readonly status?: string
  readonly reason?: string | null
  /** Code of the failure. */
  readonly failure?: string | null
  readonly health?: string
  readonly purpose?: string
  readonly provider?: string
  readonly connector?: string
  readonly end_user?: string | null
  readonly organization?: string | null
  /** Numbers of connectors that a sync of the catalogue added, changed and removed. */
  readonly added?: number
  readonly changed?: number
  readonly removed?: number
}
