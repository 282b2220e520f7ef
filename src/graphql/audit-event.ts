import type { AuditActorKind, AuditOutcome, AuditTarget } from '../domain/audit.ts'
import type { AuditEventRow } from '../store/schema.ts'
import { builder } from './builder.ts'
import type { Values } from './enums.ts'
import { encodeGlobalId } from './ids.ts'

const actorKindValues: Values<AuditActorKind> = {
  API_KEY: { description: 'An API key: a server of the application.' },
  SESSION: { description: "A session: an end user's frontend." },
  HOSTED_PAGE: { description: "A visitor of one of the gateway's pages, who had the URL of a connect link." },
  PROVIDER: { description: 'A webhook of a provider, confirmed by reading back from it.' },
  SYSTEM: { description: 'The gateway itself: polling, syncs and timeouts.' },
  COMMAND_LINE: { description: 'A command of the operator.' },
  ANONYMOUS: { description: 'A caller without valid credentials.' },
}

export const AuditActorKindEnum = builder.enumType('AuditActorKind', {
  description: 'What kind of caller or component caused an audit event.',
  values: actorKindValues,
})

const outcomeValues: Values<AuditOutcome> = {
  SUCCESS: { description: 'The operation was carried out.' },
  DENIED: { description: 'The caller may not carry it out, or not so often. Nothing was changed.' },
  FAILED: { description: 'It was tried and failed; `errorCode` says why.' },
}

export const AuditOutcomeEnum = builder.enumType('AuditOutcome', {
  description: 'How an audited operation ended.',
  values: outcomeValues,
})

const AuditActorType = builder
  .objectRef<Pick<AuditEventRow, 'actorKind' | 'actorId' | 'actorName'>>('AuditActor')
  .implement({
    description: 'Who caused an audit event.',
    fields: (t) => ({
      kind: t.expose('actorKind', { type: AuditActorKindEnum, description: 'What kind of actor it is.' }),
      id: t.exposeString('actorId', {
        nullable: true,
        description:
          'ID of the API key, of the session or (HOSTED_PAGE) of the connect link, key of the provider, or name of the command; null for the others.',
      }),
      name: t.exposeString('actorName', {
        nullable: true,
        description: 'Name of the API key; null for other actors.',
      }),
    }),
  })

const AuditTargetType = builder.objectRef<AuditTarget>('AuditTarget').implement({
  description: 'An object that an audit event is about.',
  fields: (t) => ({
    type: t.exposeString('type', { description: 'Type of the object, such as `ConnectLink`.' }),
    id: t.id({
      description:
        'Opaque global ID of the object, for `node`; of a session, which cannot be read, it only identifies it.',
      resolve: ({ type, id }) => encodeGlobalId(type, id),
    }),
  }),
})

function toTarget(text: string): AuditTarget {
  const colon = text.indexOf(':')
  return { type: text.slice(0, colon), id: text.slice(colon + 1) }
}

export const AuditEventType = builder.objectRef<AuditEventRow>('AuditEvent')

builder.node(AuditEventType, {
  description:
    'An entry of the audit log: a call of a mutation, or a change. It has no input values other than IDs, and no secrets.',
  id: { resolve: ({ id }) => id },
  fields: (t) => ({
    number: t.float({
      nullable: true,
      description: 'Place in the hash chain, a whole number; null in the first second, before it is hashed.',
      resolve: ({ number }) => number,
    }),
    at: t.expose('createdAt', { type: 'DateTime', description: 'When it happened.' }),
    actor: t.field({ type: AuditActorType, description: 'Who caused it.', resolve: (row) => row }),
    operation: t.exposeString('operation', {
      description:
        'Name of the mutation, such as `createConnectLink`, or of the change, such as `connectLink.completed` or `connection.disconnected`.',
    }),
    outcome: t.expose('outcome', { type: AuditOutcomeEnum, description: 'How it ended.' }),
    errorCode: t.exposeString('errorCode', {
      nullable: true,
      description:
        'Of a mutation the `ErrorCode` or the code of the GraphQL error, of a connect link the `FailureCode`; null for SUCCESS.',
    }),
    endUserId: t.exposeString('endUserId', {
      nullable: true,
      description:
        "The application's own ID of the end user that it is about; null if there is none or it was erased.",
    }),
    organizationId: t.exposeString('organizationId', {
      nullable: true,
      description: "The application's own ID of the organization that it is about; null if there is none.",
    }),
    targets: t.field({
      type: [AuditTargetType],
      description: 'The connect links, connections and other objects that it is about.',
      resolve: ({ targets }) => targets.map(toTarget),
    }),
    address: t.exposeString('address', {
      nullable: true,
      description: 'IP address of the client; null if there was no request or it was erased.',
    }),
    userAgent: t.exposeString('userAgent', {
      nullable: true,
      description:
        'The `User-Agent` header of the client, as sent, at most 500 characters; null if there is none or it was erased.',
    }),
    requestId: t.exposeString('requestId', {
      nullable: true,
      description: 'The `X-Request-Id` of the response to the request; null for other causes.',
    }),
    hash: t.exposeString('hash', {
      nullable: true,
      description:
        'Hash of the event and of the one before it (SHA-256, hexadecimal); null while `number` is null.',
    }),
  }),
})
