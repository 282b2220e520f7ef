import { z } from 'zod'
import { ForbiddenError, InvalidInputError } from '../../domain/errors.ts'
import { type ProviderKey, providerKeys } from '../../domain/provider-key.ts'
import type { Viewer } from '../../domain/viewer.ts'
import type { ConnectContext } from '../context.ts'
import { connectorKey, endUser } from '../create-link/validate-input.ts'
import { longestSeconds, type Session } from './session-tokens.ts'

type Maybe<T> = T | null | undefined

/** As it comes from the API: right JSON types, everything else unchecked. */
export interface SessionInput {
  readonly endUser: { readonly id: string; readonly name?: Maybe<string>; readonly email?: Maybe<string> }
  readonly expiresInSeconds?: Maybe<number>
  readonly connectors?: Maybe<readonly string[]>
  readonly providers?: Maybe<readonly ProviderKey[]>
}

const maxConnectors = 100
/** The token travels in a header; proxies in between take some 8,000 bytes of one. */
const maxConnectorBytes = 4_000

const distinct = <Entry>(list: Maybe<readonly Entry[]>) => (list == null ? null : [...new Set(list)])

const schema = z.object({
  endUser,
  expiresInSeconds: z
    .number()
    .refine((seconds) => seconds >= 1 && seconds <= longestSeconds, `must be between 1 and ${longestSeconds}`)
    .nullish(),
  connectors: z
    .array(connectorKey)
    .min(1, 'must not be empty: leave it out to allow all')
    .max(maxConnectors, `must have at most ${maxConnectors} entries`)
    .refine(
      (keys) => Buffer.byteLength(keys.join()) <= maxConnectorBytes,
      `must have at most ${maxConnectorBytes} bytes together`,
    )
    .nullish(),
  providers: z.array(z.enum(providerKeys)).min(1, 'must not be empty: leave it out to allow all').nullish(),
})

/** Makes a session for one end user's frontend. Sessions come from servers alone: one cannot make another. */
export async function createSession(
  { sessions }: Pick<ConnectContext, 'sessions'>,
  viewer: Viewer,
  input: SessionInput,
): Promise<Session> {
  if (viewer.kind !== 'API_KEY') throw new ForbiddenError('Only an API key may create a session.')
  const { data, error } = schema.safeParse(input)
  if (error !== undefined) {
    throw new InvalidInputError(
      error.issues.map(({ path, message }) => ({ path: ['input', ...path.map(String)], message })),
    )
  }
  const { id, name = null, email = null } = data.endUser
  return sessions.mint({
    endUser: { id, name, email },
    expiresInSeconds: data.expiresInSeconds ?? null,
    limits: { connectors: distinct(data.connectors), providers: distinct(data.providers) },
  })
}
