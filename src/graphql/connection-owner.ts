import type { OwnerEvidence } from '../domain/statuses.ts'
import type { ConnectionAssignmentRow } from '../store/schema.ts'
import { builder } from './builder.ts'
import type { Values } from './enums.ts'

const ownerEvidenceValues: Values<OwnerEvidence> = {
  PROVIDER: { description: 'The provider names the end user of the connection.' },
  LINK: {
    description:
      'The provider shows which connect link made the connection: by the state of the link, a webhook event, or a name that only this link uses.',
  },
  RETURN: {
    description:
      'The browser of the end user returned from the provider through the connect link when the connection was made.',
  },
  ASSIGNED: { description: 'An API key assigned the connection with `assignConnection`.' },
  INFERRED: {
    description:
      'An earlier version of the gateway inferred the end user without evidence. A session cannot disconnect or reconnect the connection until an API key has assigned it.',
  },
}

export const OwnerEvidenceEnum = builder.enumType('OwnerEvidence', {
  description: 'What shows that a connection belongs to its end user.',
  values: ownerEvidenceValues,
})

export const ConnectionAssignmentType = builder
  .objectRef<ConnectionAssignmentRow>('ConnectionAssignment')
  .implement({
    description: 'A change of the end user of a connection by `assignConnection`.',
    fields: (t) => ({
      at: t.expose('at', { type: 'DateTime', description: 'When the connection was assigned.' }),
      by: t.exposeString('viewer', { description: 'Name of the API key that made the change.' }),
      fromEndUserId: t.exposeString('fromEndUserId', {
        nullable: true,
        description: 'ID of the end user before the change; null if the connection belonged to none.',
      }),
      fromOrganizationId: t.exposeString('fromOrganizationId', {
        nullable: true,
        description: 'ID of the organization before the change; null if there was none.',
      }),
      toOrganizationId: t.exposeString('toOrganizationId', {
        nullable: true,
        description: 'ID of the organization after the change; null if there is none.',
      }),
      toEndUserId: t.exposeString('toEndUserId', {
        nullable: true,
        description: 'ID of the end user after the change; null if the connection belongs to none.',
      }),
    }),
  })
