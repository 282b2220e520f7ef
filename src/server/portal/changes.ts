import type { ErrorCode } from '../../domain/errors.ts'
import type { Direction, LinkStatus } from '../../domain/statuses.ts'
import type { PortalLink } from './connections.ts'
import type { PortalVisit } from './portal-context.ts'
import { operation, runOperation } from './run-operation.ts'

/** Why a change was not made. */
export interface ChangeError {
  readonly code: ErrorCode
  /** Of INVALID_INPUT. */
  readonly issues?: readonly { readonly path: readonly string[] }[]
}

export interface CreatedPortalLink {
  readonly id: string
  readonly status: LinkStatus
  /** `null`: the connection was made at once. */
  readonly url: string | null
}

type LinkResult =
  | { readonly connectLink: CreatedPortalLink; readonly replayed: boolean; readonly code?: undefined }
  | ChangeError

const linkResult = `
  ... on CreateConnectLinkPayload { replayed connectLink { id status url } }
  ... on Error { code }
  ... on InvalidInputError { issues { path } }`

const createOperation = operation<
  { readonly createConnectLink: LinkResult },
  {
    readonly input: {
      readonly connector: string
      readonly direction: Direction | null
      readonly redirectUri: string
      readonly idempotencyKey: string
    }
  }
>(`mutation PortalConnect($input: CreateConnectLinkInput!) {
  createConnectLink(input: $input) {${linkResult}}
}`)

export interface ConnectRequest {
  /** Slug of the application. */
  readonly application: string
  readonly direction: Direction | null
  /** The page of the portal that shows the result. */
  readonly returnTo: string
  readonly idempotencyKey: string
}

export const createLink = async (visit: PortalVisit, request: ConnectRequest): Promise<LinkResult> => {
  const { application, direction, returnTo, idempotencyKey } = request
  const input = { connector: application, direction, redirectUri: returnTo, idempotencyKey }
  return (await runOperation(returningTo(visit, returnTo), createOperation, { input })).createConnectLink
}

const reconnectOperation = operation<
  { readonly reconnectConnection: LinkResult },
  {
    readonly id: string
    readonly input: { readonly redirectUri: string; readonly idempotencyKey: string }
  }
>(`mutation PortalReconnect($id: ID!, $input: ReconnectConnectionInput) {
  reconnectConnection(id: $id, input: $input) {${linkResult}}
}`)

export interface ReconnectRequest extends Pick<ConnectRequest, 'returnTo' | 'idempotencyKey'> {
  /** Of the connection. */
  readonly id: string
}

export const reconnect = async (
  visit: PortalVisit,
  { id, returnTo, idempotencyKey }: ReconnectRequest,
): Promise<LinkResult> => {
  const input = { redirectUri: returnTo, idempotencyKey }
  return (await runOperation(returningTo(visit, returnTo), reconnectOperation, { id, input }))
    .reconnectConnection
}

const returningTo = (visit: PortalVisit, portalReturnUrl: string): PortalVisit => ({
  ...visit,
  viewer: { ...visit.viewer, portalReturnUrl },
})

type Outcome = { readonly code?: undefined } | ChangeError

const removeOperation = operation<{ readonly disconnectConnection: Outcome }, { readonly id: string }>(
  `mutation PortalRemove($id: ID!) { disconnectConnection(id: $id) { ... on Error { code } } }`,
)

/** The error; `null`: the connection was removed. */
export const removeConnection = async (visit: PortalVisit, id: string): Promise<ChangeError | null> =>
  errorOf((await runOperation(visit, removeOperation, { id })).disconnectConnection)

type CancelResult = { readonly connectLink: Pick<PortalLink, 'id'>; readonly code?: undefined } | ChangeError

const cancelOperation = operation<{ readonly revokeConnectLink: CancelResult }, { readonly id: string }>(
  `mutation PortalCancel($id: ID!) {
  revokeConnectLink(id: $id) {
    ... on RevokeConnectLinkPayload { connectLink { id } }
    ... on Error { code }
  }
}`,
)

/** The link that was revoked, or the error. */
export const cancelLink = async (visit: PortalVisit, id: string): Promise<CancelResult> =>
  (await runOperation(visit, cancelOperation, { id })).revokeConnectLink

const errorOf = (outcome: Outcome): ChangeError | null => (outcome.code === undefined ? null : outcome)

/** For the test that compares them with the schema. */
export const portalOperations = [createOperation, reconnectOperation, removeOperation, cancelOperation]
