import type { Viewer } from '../../domain/viewer.ts'
import type { AddressLimit } from '../address-limit.ts'
import type { ApplicationName } from '../pages/names.ts'
import type { PageView } from '../pages/page-view.ts'
import type { HttpExchange, PagesContext } from '../pages/pages-context.ts'
import type { ExecuteOwn } from '../yoga.ts'
import type { PortalTexts } from './texts/en.ts'

/** The dependencies of the portal. */
export interface PortalContext {
  readonly pages: PagesContext
  /** Executes an operation of the API for the session, as if its frontend had sent it. */
  readonly execute: ExecuteOwn
  /** For requests without a valid session; those of a session are limited as its API calls are. */
  readonly limitAddress: AddressLimit
}

/** What the session may do in the portal. */
export interface Rights {
  readonly connect: boolean
  readonly read: boolean
  readonly reconnect: boolean
  readonly remove: boolean
}

/** A request for a page of the portal by a session that has not ended. */
export interface PortalVisit extends PortalContext {
  readonly exchange: HttpExchange
  readonly viewer: Viewer
  readonly rights: Rights
  /** Where the way back to the application leads; `null`: there is none. */
  readonly returnUrl: string | null
  /** The address of the portal, which contains the session's token. */
  readonly url: string
  /** Whether the page is shown in a frame of another page: providers refuse to be shown there. */
  readonly isFramed: boolean
  readonly query: URLSearchParams
  /** Language and branding, as the session says. */
  readonly view: PageView
  readonly texts: PortalTexts
  readonly names: ApplicationName
}

export const rightsOf = ({ scopes }: Pick<Viewer, 'scopes'>): Rights => ({
  connect: scopes.includes('links:write') && scopes.includes('catalogue:read'),
  read: scopes.includes('connections:read') && scopes.includes('links:read'),
  reconnect: scopes.includes('connections:reconnect'),
  remove: scopes.includes('connections:write'),
})
