import { createSession } from '../connect/sessions/create-session.ts'
import type { Session } from '../connect/sessions/session-tokens.ts'
import { InvalidInputError } from '../domain/errors.ts'
import { builder } from './builder.ts'
import { ProviderKeyEnum } from './enums.ts'
import { EndUserInput } from './link-input.ts'

const CreateSessionInput = builder.inputType('CreateSessionInput', {
  description: 'Whom a session is for, how long, and what it may make links for.',
  fields: (t) => ({
    endUser: t.field({
      type: EndUserInput,
      required: true,
      description: 'The person whose frontend gets the token.',
    }),
    expiresInSeconds: t.int({ description: 'How long it lasts: 1 to 86400, 900 by default.' }),
    connectors: t.stringList({
      description: 'Keys of the connectors it may make links for, at most 100; all when left out.',
    }),
    providers: t.field({
      type: [ProviderKeyEnum],
      description: 'Providers it may make links with; all when left out.',
    }),
  }),
})

const CreateSessionPayloadType = builder.objectRef<Session>('CreateSessionPayload').implement({
  description: 'The session was made.',
  fields: (t) => ({
    token: t.exposeString('token', {
      description:
        "What the frontend sends as `Authorization: Bearer …`. It sees and makes that person's links and connections alone.",
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it ends.' }),
  }),
})

builder.mutationField('createSession', (t) =>
  t.field({
    type: CreateSessionPayloadType,
    description:
      "Makes a short token for one end user's frontend. For API keys only: to others a GraphQL error with code FORBIDDEN.",
    args: {
      input: t.arg({
        type: CreateSessionInput,
        required: true,
        description: 'For whom, how long, and for what.',
      }),
    },
    errors: {
      types: [InvalidInputError],
      union: { name: 'CreateSessionResult', description: 'The session, or why there is none.' },
    },
    resolve: (_, { input }, { connect, viewer }) => createSession(connect, viewer, input),
  }),
)
