import { AsyncLocalStorage } from 'node:async_hooks'
import { type AuditOrigin, systemActor } from '../domain/audit.ts'

/** A mutation that is being resolved. */
export interface AuditedCall {
  /** Name of the mutation. */
  readonly operation: string
  /** IDs of the connect links whose creation is recorded already, in the transaction that has inserted them. */
  readonly recordedLinks: Set<string>
}

export interface CurrentOrigin extends AuditOrigin {
  /** `null`: the change is not made by a mutation. */
  readonly call: AuditedCall | null
}

const unknownOrigin: CurrentOrigin = {
  actor: systemActor,
  organizationId: null,
  address: null,
  userAgent: null,
  requestId: null,
  call: null,
}

// Not a parameter of each function: a link changes ten calls below the request that causes it, and every function in
// between would pass on values that it does not use.
const storage = new AsyncLocalStorage<CurrentOrigin>()

/** Runs `work`; changes that it makes are recorded with this origin. Fields that are not given are unknown. */
export const withAuditOrigin = <Result>(origin: Partial<CurrentOrigin>, work: () => Result): Result =>
  storage.run({ ...unknownOrigin, ...origin }, work)

/** The origin of the running work; SYSTEM outside `withAuditOrigin`. */
export const currentOrigin = (): CurrentOrigin => storage.getStore() ?? unknownOrigin
