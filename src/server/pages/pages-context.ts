import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ConnectContext } from '../../connect/context.ts'
import { applicationReturnUrl } from '../../connect/links/return-url.ts'
import type { Branding } from '../../domain/branding.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ClientOf } from '../client-address.ts'
import type { Tab } from '../graphiql-tabs.ts'
import type { StartAccess } from '../start-access.ts'

/** GraphiQL as it is served. */
export interface Graphiql {
  /** The initial tabs. */
  readonly tabs: readonly Tab[]
  /** Filled into the headers of visitors with the start cookie; `null`: of none. */
  readonly apiKey: string | null
}

/** The dependencies of the gateway's pages. */
export interface PagesContext {
  readonly connect: ConnectContext
  readonly clientOf: ClientOf
  /** Who may use the form of the start page, and gets the API key in GraphiQL; `null` (in production): no visitor. */
  readonly startAccess: StartAccess | null
  /** `null`: not served. */
  readonly graphiql: Graphiql | null
  /** Whether sessions may only send trusted documents; those of the start page are not. */
  readonly isTrustedOnly: boolean
  /**
   * Origins of the application's pages: from them links are claimed, and they may frame embeddable links. Empty: the origin
   * of the link's redirect URI may frame it, and no other site can claim links.
   */
  readonly applicationOrigins: readonly string[]
  /** Origins whose pages may call the API (CORS_ORIGINS). */
  readonly corsOrigins: readonly string[]
  /** Origins whose pages may frame the portal and the pages of embeddable links. */
  readonly embedOrigins: readonly string[]
  /** Where the sandbox's logos are; `null`: no sandbox runs. */
  readonly sandboxOrigin: string | null
  /** How pages for end users present the application, where neither a session nor a link says so. */
  readonly branding: Branding
}

export interface HttpExchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** Whether the browser loads the page into an iframe. */
export const isFramed = ({ headers }: IncomingMessage): boolean => headers['sec-fetch-dest'] === 'iframe'

/**
 * The origins that may frame the pages of a link. If the provider's page cannot be framed, only a page that is loaded into an
 * iframe: it opens the provider in a new tab.
 */
export function frameOrigins(
  { connect, applicationOrigins, embedOrigins }: PagesContext,
  link: ConnectLinkRow,
  request: IncomingMessage,
): readonly string[] {
  if (!link.embeddable && !isFramed(request)) return []
  const configured = [...new Set([...applicationOrigins, ...embedOrigins])]
  if (configured.length > 0) return configured
  const url = applicationReturnUrl(link, connect.encryption, false)
  return url === null ? [] : [new URL(url).origin]
}
