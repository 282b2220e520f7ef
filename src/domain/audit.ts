/** What kind of caller or component caused an audited event. */
export type AuditActorKind =
  | 'API_KEY'
  | 'SESSION'
  | 'HOSTED_PAGE'
  | 'PROVIDER'
  | 'SYSTEM'
  | 'COMMAND_LINE'
  | 'ANONYMOUS'

export interface AuditActor {
  readonly kind: AuditActorKind
  /** ID of the API key, session or connect link, key of the provider, or name of the command; `null`: there is none. */
  readonly id: string | null
  /** Name of the API key; `null` for other actors, whose names would be personal data. */
  readonly name: string | null
}

/** DENIED: the caller may not do it, or not so often. FAILED: it was tried; the error code says why it failed. */
export type AuditOutcome = 'SUCCESS' | 'DENIED' | 'FAILED'

/** An object that an event is about. */
export interface AuditTarget {
  /** GraphQL type, such as "ConnectLink". */
  readonly type: string
  readonly id: string
}

/** What happened. Contains no input values other than IDs. */
export interface AuditEvent {
  /** A mutation of the GraphQL API ("createConnectLink"), or a change ("connectLink.completed"). */
  readonly operation: string
  readonly outcome: AuditOutcome
  /** Of a DENIED or FAILED event. */
  readonly errorCode?: string | null
  /** The end user that the event is about. */
  readonly endUserId?: string | null
  readonly targets?: readonly AuditTarget[]
}

/** Who caused an event, and from where. */
export interface AuditOrigin {
  readonly actor: AuditActor
  readonly organizationId: string | null
  readonly address: string | null
  readonly userAgent: string | null
  readonly requestId: string | null
}

export const systemActor: AuditActor = { kind: 'SYSTEM', id: null, name: null }
