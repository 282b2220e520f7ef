import { textOfSteps } from '../domain/link-step.ts'
import type { LinkFailure } from '../domain/statuses.ts'
import { containsSecret, redactProse } from '../http/redact.ts'
import { sentSecrets } from '../http/sent-secrets.ts'
import type {
  LinkOutcome,
  LinkProgress,
  LinkRequest,
  ProviderAdapter,
  RemoteConnection,
  RemoteConnector,
  RemoteLink,
} from './adapter.ts'
import { mapPage } from './rows.ts'

/** Which parts of the options block are no secrets. */
export interface OptionSecrecy {
  /** Fields of the options block that a text may repeat: names and settings. All others are treated as secrets. */
  readonly publicOptions?: readonly string[]
  /** Fields of the options block whose keys the caller chooses: the keys are treated as secrets too. */
  readonly freeOptions?: readonly string[]
}

/**
 * The same adapter, with all texts of the provider redacted that are stored or shown: a text may repeat what was sent or
 * entered.
 */
export function redactTexts<Options>(
  adapter: ProviderAdapter<Options>,
  { publicOptions = [], freeOptions = [] }: OptionSecrecy,
): ProviderAdapter<Options> {
  const { createReconnectLink, parseWebhook, startConnection } = adapter
  const secretsOf = ({ options }: LinkRequest<Options>) =>
    sentSecrets({ body: options, publicFields: publicOptions, freeFields: freeOptions }, {})
  return {
    ...adapter,
    async createLink(request, call) {
      return redactOutcome(await adapter.createLink(request, call), secretsOf(request))
    },
    ...(createReconnectLink && {
      async createReconnectLink(connection, request, call) {
        return redactLink(await createReconnectLink(connection, request, call), secretsOf(request))
      },
    }),
    checkLink: async (link, call) => redactProgress(await adapter.checkLink(link, call)),
    ...(parseWebhook && {
      parseWebhook: (delivery) =>
        parseWebhook(delivery)?.map((event) => ({
          ...event,
          failure: event.failure && redactFailure(event.failure),
        })),
    }),
    async getConnection(reference, call) {
      const connection = await adapter.getConnection(reference, call)
      return connection && redactConnection(connection)
    },
    async *listConnections(groups, call) {
      for await (const page of adapter.listConnections(groups, call))
        yield mapPage(page, (one) => redactConnection(one))
    },
    async *listConnectors(call) {
      for await (const page of adapter.listConnectors(call)) yield mapPage(page, redactConnector)
    },
    ...(startConnection && {
      async startConnection(connection, providerState, call) {
        return redactConnection(await startConnection(connection, providerState, call))
      },
    }),
  }
}

const redactNullable = (text: string | null, secrets: readonly string[] = []) =>
  text === null ? null : redactProse(text, secrets)

const redactConnector = (connector: RemoteConnector): RemoteConnector => ({
  ...connector,
  connectionHint: redactNullable(connector.connectionHint),
})

const redactConnection = (
  connection: RemoteConnection,
  secrets: readonly string[] = [],
): RemoteConnection => ({
  ...connection,
  healthMessage: redactNullable(connection.healthMessage, secrets),
})

const redactFailure = ({ code, message }: LinkFailure): LinkFailure => ({
  code,
  message: redactNullable(message),
})

function redactOutcome(outcome: LinkOutcome, secrets: readonly string[]): LinkOutcome {
  if (outcome.kind === 'open') return redactLink(outcome, secrets)
  const { connection } = outcome
  // Connected with the credentials of the request: the name in the answer may repeat one.
  const name = connection.name !== null && containsSecret(connection.name, secrets) ? null : connection.name
  return { ...outcome, connection: redactConnection({ ...connection, name }, secrets) }
}

function redactLink(
  { instructions, pendingConnection, ...link }: RemoteLink,
  secrets: readonly string[],
): RemoteLink {
  const redacted = redactNullable(instructions, secrets) ?? ''
  const sentence = /[^.!?]$/.test(redacted) ? `${redacted}.` : redacted
  return {
    ...link,
    instructions: [sentence, textOfSteps(link.steps ?? [])].filter((text) => text !== '').join(' ') || null,
    pendingConnection: pendingConnection && redactConnection(pendingConnection, secrets),
  }
}

function redactProgress(progress: LinkProgress): LinkProgress {
  switch (progress.kind) {
    case 'open':
      return progress.failedAttempt === undefined
        ? progress
        : { ...progress, failedAttempt: redactFailure(progress.failedAttempt) }
    case 'completed':
      return { ...progress, connection: redactConnection(progress.connection) }
    case 'candidates':
      return { ...progress, connections: progress.connections.map((one) => redactConnection(one)) }
    case 'ended':
      return progress.status === 'FAILED'
        ? { ...progress, failure: redactFailure(progress.failure) }
        : progress
  }
}
