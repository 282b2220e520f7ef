import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { ConflictError, NotFoundError } from '../../domain/errors.ts'
import { subscribableTypes } from '../../domain/webhook-events.ts'
import type { WebhookEndpointRow } from '../../store/schema.ts'
import * as store from '../../store/webhook-endpoints.ts'
import { recordedChange } from '../audit/recorded-change.ts'
import type { ConnectContext } from '../context.ts'
import { parseInput, text } from '../input-schemas.ts'
import { endpointUrlProblem } from './endpoint-url.ts'
import { encryptSecret, newSecret } from './sign-message.ts'

type Context = Pick<ConnectContext, 'db' | 'now' | 'encryption' | 'webhookPolicy'>

/** The only time at which the secret can be read. */
export interface IssuedEndpoint {
  readonly endpoint: WebhookEndpointRow
  readonly secret: string
}

/** As GraphQL delivers it: the types are right, nothing else is checked. */
export interface EndpointInput {
  readonly url: string
  readonly description?: string | null | undefined
  readonly eventTypes?: readonly string[] | null | undefined
  readonly thin?: boolean | null | undefined
}

/** What is absent stays as it is. */
export type EndpointChanges = {
  readonly [Key in keyof EndpointInput]?: EndpointInput[Key] | null | undefined
} & {
  readonly disabled?: boolean | null | undefined
}

const maxEndpoints = 50
const maxOverlapSeconds = 7 * 86_400
const defaultOverlapSeconds = 86_400

const eventTypes = z
  .array(z.enum(subscribableTypes, `must be one of ${subscribableTypes.join(', ')}`))
  .max(subscribableTypes.length, `must have at most ${subscribableTypes.length} entries`)

const changesSchema = (context: Context) =>
  z.object({
    url: z
      .string()
      .superRefine((url, { addIssue }) => {
        const problem = endpointUrlProblem(url, context.webhookPolicy)
        if (problem !== null) addIssue({ code: 'custom', message: problem })
      })
      .nullish(),
    description: text(200).nullish(),
    eventTypes: eventTypes.nullish(),
    thin: z.boolean().nullish(),
    disabled: z.boolean().nullish(),
  })

/** Throws InvalidInputError, and ConflictError if there are 50 endpoints. */
export async function createEndpoint(context: Context, input: EndpointInput): Promise<IssuedEndpoint> {
  const { encryption, now } = context
  const { url, description, eventTypes: types, thin } = parseInput(changesSchema(context), input, ['input'])
  const id = randomUUID()
  const secret = newSecret()
  const at = now()
  const row = {
    ...emptyEndpoint,
    ...{
      id,
      url: url ?? '',
      description: description ?? null,
      eventTypes: distinct(types),
      thin: thin ?? false,
    },
    ...{ secretEncrypted: encryptSecret(encryption, id, secret), createdAt: at, updatedAt: at },
    managedBy: 'API',
  } as const
  const endpoint = await recordedChange(context, change('created', id), async (transaction) => {
    if ((await store.countEndpointsForInsert(transaction)) >= maxEndpoints)
      throw new ConflictError(
        'INVALID_STATE',
        `There are ${maxEndpoints} webhook endpoints: delete one first.`,
      )
    return store.insertEndpoint(transaction, row)
  })
  return { endpoint, secret }
}

/** Throws NotFoundError, InvalidInputError, and ConflictError for the endpoint of the environment. */
export async function updateEndpoint(
  context: Context,
  id: string,
  changes: EndpointChanges,
): Promise<WebhookEndpointRow> {
  const {
    url,
    description,
    eventTypes: types,
    thin,
    disabled,
  } = parseInput(changesSchema(context), changes, ['input'])
  const found = await findOwnEndpoint(context, id)
  const at = context.now()
  const isDisabled = found.disabledAt !== null
  const columns = {
    ...(url != null && { url }),
    ...(description !== undefined && { description }),
    ...(types != null && { eventTypes: distinct(types) }),
    ...(thin != null && { thin }),
    ...(disabled === true && !isDisabled && ({ disabledAt: at, disabledReason: 'API_CALL' } as const)),
    // It is tried again from now on: a failure of the time before is forgotten.
    ...(disabled === false && isDisabled && { disabledAt: null, disabledReason: null, failingSince: null }),
    updatedAt: at,
  }
  return changed(context, change('updated', id), (transaction) =>
    store.updateEndpoint(transaction, id, columns),
  )
}

/**
 * Replaces the secret. Messages are signed with both secrets for `overlapSeconds`, by default for a day. Throws
 * NotFoundError, InvalidInputError, and ConflictError for the endpoint of the environment.
 */
export async function rotateSecret(
  context: Context,
  { id, overlapSeconds }: { readonly id: string; readonly overlapSeconds?: number | null | undefined },
): Promise<IssuedEndpoint> {
  const range = z
    .number()
    .refine((value) => value >= 0 && value <= maxOverlapSeconds, `must be between 0 and ${maxOverlapSeconds}`)
  const overlap = parseInput(range.nullish(), overlapSeconds, ['overlapSeconds']) ?? defaultOverlapSeconds
  const found = await findOwnEndpoint(context, id)
  const secret = newSecret()
  const at = context.now()
  const columns = {
    secretEncrypted: encryptSecret(context.encryption, id, secret),
    previousSecretEncrypted: found.secretEncrypted,
    previousSecretExpiresAt: new Date(at.getTime() + overlap * 1_000),
    updatedAt: at,
  }
  const endpoint = await changed(context, change('rotated', id), (transaction) =>
    store.updateEndpoint(transaction, id, columns),
  )
  return { endpoint, secret }
}

/** With its messages. Throws NotFoundError, and ConflictError for the endpoint of the environment. */
export async function deleteEndpoint(context: Context, id: string): Promise<WebhookEndpointRow> {
  await findOwnEndpoint(context, id)
  return changed(context, change('deleted', id), (transaction) => store.deleteEndpoint(transaction, id))
}

/** The endpoint; throws NotFoundError. */
export async function findEndpoint(
  { db }: Pick<ConnectContext, 'db'>,
  id: string,
): Promise<WebhookEndpointRow> {
  const [found] = await store.findEndpoints(db, [id])
  if (found === undefined) throw notFound()
  return found
}

/** An endpoint that can be changed. */
async function findOwnEndpoint(context: Context, id: string): Promise<WebhookEndpointRow> {
  const found = await findEndpoint(context, id)
  if (found.managedBy === 'API') return found
  throw new ConflictError('INVALID_STATE', 'The endpoint is that of WEBHOOK_URL: change the environment.')
}

async function changed(
  context: Context,
  recorded: ReturnType<typeof change>,
  make: Parameters<typeof recordedChange<WebhookEndpointRow | undefined>>[2],
): Promise<WebhookEndpointRow> {
  const endpoint = await recordedChange(context, recorded, make)
  // Deleted in the meantime.
  if (endpoint === undefined) throw notFound()
  return endpoint
}

export const emptyEndpoint = {
  previousSecretEncrypted: null,
  previousSecretExpiresAt: null,
  disabledAt: null,
  disabledReason: null,
  failingSince: null,
} as const

const distinct = <Value>(values: readonly Value[] | null | undefined) => [...new Set(values ?? [])]

const change = (name: string, id: string) => ({
  operation: `webhookEndpoint.${name}`,
  target: { type: 'WebhookEndpoint', id },
})

const notFound = () => new NotFoundError('There is no such webhook endpoint.')
