import { createSession } from '../connect/sessions/create-session.ts'
import type { Session } from '../connect/sessions/session-tokens.ts'
import { InvalidInputError } from '../domain/errors.ts'
import { builder } from './builder.ts'
import { EndUserInput } from './connect-link-input.ts'
import { ProviderKeyEnum } from './enums.ts'

const CreateSessionInput = builder.inputType('CreateSessionInput', {
  description: 'The end user of a session, its lifetime, and what it may create links for.',
  fields: (t) => ({
    endUser: t.field({
      type: EndUserInput,
      required: true,
      description: 'The end user whose frontend uses the session.',
    }),
    expiresInSeconds: t.int({
      description: 'Lifetime of the session in seconds, from 1 to 86400. Default: 900.',
    }),
    connectors: t.stringList({
      description:
        'Allow-list of `Connector.key`s the session may create links for, at most 100. Default: all.',
    }),
    providers: t.field({
      type: [ProviderKeyEnum],
      description: 'Allow-list of providers the session may create links at. Default: all.',
    }),
  }),
})

const CreateSessionPayloadType = builder.objectRef<Session>('CreateSessionPayload').implement({
  description: 'A session was created.',
  fields: (t) => ({
    token: t.exposeString('token', {
      description:
        "The session token, for the header `Authorization: Bearer …` of the frontend. It gives access to the end user's own links and connections only.",
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When the session expires.' }),
  }),
})

builder.mutationField('createSession', (t) =>
  t.field({
    permission: 'sessions:write',
    type: CreateSessionPayloadType,
    description:
      "Creates a session with which an end user's frontend can call this API. For API keys only; a session gets a GraphQL error with code FORBIDDEN.",
    args: {
      input: t.arg({
        type: CreateSessionInput,
        required: true,
        description: 'The end user, the lifetime and the limits of the session.',
      }),
    },
    errors: {
      types: [InvalidInputError],
      union: {
        name: 'CreateSessionResult',
        description: 'The created session, or why none was created.',
      },
    },
    resolve: (_, { input }, { connect }) => createSession(connect, input),
  }),
)
