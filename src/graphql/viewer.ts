import type { EndUser } from '../domain/end-user.ts'
import type { Viewer } from '../domain/viewer.ts'
import { builder } from './builder.ts'

export const EndUserType = builder.objectRef<EndUser>('EndUser').implement({
  description: 'A person of the application, who connects accounts.',
  fields: (t) => ({
    id: t.exposeString('id', {
      description: "The application's own id of the person, at most 250 characters.",
    }),
    name: t.exposeString('name', { nullable: true, description: 'A name to show.' }),
    email: t.exposeString('email', { nullable: true, description: 'An address to show.' }),
  }),
})

const ViewerKindEnum = builder.enumType('ViewerKind', {
  description: 'What kind of caller this is.',
  values: {
    API_KEY: { description: "One of the application's servers." },
    END_USER: { description: "An end user's frontend." },
  } as const,
})

const ViewerType = builder.objectRef<Viewer>('Viewer').implement({
  description: 'Who is calling.',
  fields: (t) => ({
    kind: t.expose('kind', { type: ViewerKindEnum, description: 'What kind of caller this is.' }),
    name: t.exposeString('name', { nullable: true, description: 'The name of the key, or of the person.' }),
    scopes: t.stringList({
      description: "What the caller may do; for END_USER with the person's own links and connections alone.",
      resolve: ({ scopes }) => [...scopes],
    }),
    endUser: t.field({
      type: EndUserType,
      nullable: true,
      description: 'The person; set for END_USER.',
      resolve: ({ endUser }) => endUser,
    }),
  }),
})

builder.queryField('viewer', (t) =>
  t.field({ type: ViewerType, description: 'Who is calling.', resolve: (_, __, { viewer }) => viewer }),
)
