import { z } from 'zod'
import { InvalidInputError } from '../../domain/errors.ts'
import { type ProviderKey, providerKeys } from '../../domain/provider-key.ts'
import type { ConnectContext } from '../context.ts'
import { connectorKeySchema, endUserSchema } from '../input-schemas.ts'
import { maxSessionSeconds, type Session } from './session-tokens.ts'

type Maybe<T> = T | null | undefined

/** `CreateSessionInput` as GraphQL delivers it: the types are right, nothing else is checked. */
export interface SessionInput {
  readonly endUser: { readonly id: string; readonly name?: Maybe<string>; readonly email?: Maybe<string> }
  readonly expiresInSeconds?: Maybe<number>
  readonly connectors?: Maybe<readonly string[]>
  readonly providers?: Maybe<readonly ProviderKey[]>
}

const maxConnectors = 100
/** The token is sent in a header, and proxies limit a header to about 8,000 bytes. */
const maxConnectorBytes = 4_000

const distinct = <Entry>(list: Maybe<readonly Entry[]>) => (list == null ? null : [...new Set(list)])

const inputSchema = z.object({
  endUser: endUserSchema,
  expiresInSeconds: z
    .number()
    .refine(
      (seconds) => seconds >= 1 && seconds <= maxSessionSeconds,
      `must be between 1 and ${maxSessionSeconds}`,
    )
    .nullish(),
  connectors: z
    .array(connectorKeySchema)
    .min(1, 'must not be empty: leave it out to allow all')
    .max(maxConnectors, `must have at most ${maxConnectors} entries`)
    .refine(
      (keys) => Buffer.byteLength(keys.join()) <= maxConnectorBytes,
      `must have at most ${maxConnectorBytes} bytes together`,
    )
    .nullish(),
  providers: z.array(z.enum(providerKeys)).min(1, 'must not be empty: leave it out to allow all').nullish(),
})

/** Creates a session for one end user's frontend; throws InvalidInputError with all issues. */
export async function createSession(
  { sessions }: Pick<ConnectContext, 'sessions'>,
  input: SessionInput,
): Promise<Session> {
  const { data, error } = inputSchema.safeParse(input)
  if (error !== undefined) {
    throw new InvalidInputError(
      error.issues.map(({ path, message }) => ({ path: ['input', ...path.map(String)], message })),
    )
  }
  return sessions.issue({
    endUser: data.endUser,
    expiresInSeconds: data.expiresInSeconds ?? null,
    limits: { connectors: distinct(data.connectors), providers: distinct(data.providers) },
  })
}
