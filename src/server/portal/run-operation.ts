import { type DocumentNode, parse } from 'graphql'
import type { PortalVisit } from './portal-context.ts'

/** An operation of the public API with the type of its result, which test/server/portal compares with the schema. */
export interface PortalOperation<Data, Variables extends Readonly<Record<string, unknown>>> {
  readonly document: DocumentNode
  /** Only a type: never set. */
  readonly types?: { readonly data: Data; readonly variables: Variables }
}

export const operation = <Data, Variables extends Readonly<Record<string, unknown>>>(
  text: string,
): PortalOperation<Data, Variables> => ({ document: parse(text) })

/** The API has refused an operation: too many requests, a deadline, or an outage. */
export class RefusedOperation extends Error {
  override readonly name = 'RefusedOperation'
  readonly code: string
  readonly retryAfterSeconds: number | null

  constructor(code: string, retryAfterSeconds: number | null) {
    super(`The operation was refused: ${code}.`)
    this.code = code
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** Executes an operation for the session. Throws RefusedOperation on any GraphQL error. */
export async function runOperation<Data, Variables extends Readonly<Record<string, unknown>>>(
  { execute, viewer, exchange }: Pick<PortalVisit, 'execute' | 'viewer' | 'exchange'>,
  { document }: PortalOperation<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const { data, errors } = await execute(document, { viewer, variables, exchange })
  const [error] = errors ?? []
  if (error === undefined && data) return data as Data
  const { code, retryAfterSeconds } = error?.extensions ?? {}
  throw new RefusedOperation(
    typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR',
    typeof retryAfterSeconds === 'number' ? retryAfterSeconds : null,
  )
}
