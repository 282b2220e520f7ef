import type { Organization } from '../domain/end-user.ts'
import type { ConnectionOwner } from '../domain/statuses.ts'
import type { OrganizationAccess } from '../domain/viewer.ts'
import { builder } from './builder.ts'
import type { Values } from './enums.ts'

export const OrganizationType = builder.objectRef<Organization>('Organization').implement({
  description: 'A customer of the application, to which end users belong.',
  fields: (t) => ({
    id: t.exposeString('id', {
      description: "The application's own ID of the organization, at most 250 characters.",
    }),
    name: t.exposeString('name', { nullable: true, description: 'Display name; null if none was given.' }),
  }),
})

export const OrganizationInput = builder.inputType('OrganizationInput', {
  description: 'An organization of the application.',
  fields: (t) => ({
    id: t.string({
      required: true,
      description: "The application's own ID of the organization, at most 250 characters.",
    }),
    name: t.string({ description: 'Display name, at most 250 characters.' }),
  }),
})

const ownerValues: Values<ConnectionOwner> = {
  PERSON: {
    description: 'Its end user: only sessions of that end user in the same organization see and change it.',
  },
  ORGANIZATION: {
    description:
      'The organization of its end user: sessions of the organization with `organizationAccess` see it too, and it is kept when the end user is erased.',
  },
}

export const ConnectionOwnerEnum = builder.enumType('ConnectionOwner', {
  description: 'Whom a connection belongs to.',
  values: ownerValues,
})

const accessValues: Values<OrganizationAccess> = {
  READ: {
    description:
      'The session sees them, but of those that another end user made neither `endUser` nor `externalAccount` and `name`, which can name that person. Changing one fails with a GraphQL error with code FORBIDDEN.',
  },
  MANAGE: {
    description: 'As READ; the session may also create, reconnect, refresh and disconnect them.',
  },
}

export const OrganizationAccessEnum = builder.enumType('OrganizationAccess', {
  description: 'What a session may do with the connections whose `owner` is its ORGANIZATION.',
  values: accessValues,
})
