import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ConnectContext } from '../../connect/context.ts'
import { applicationReturnUrl } from '../../connect/links/return-url.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'

/** The dependencies of the gateway's pages. */
export interface PagesContext {
  readonly connect: ConnectContext
  /** True in production or with a non-loopback PUBLIC_URL. */
  readonly isExposed: boolean
  /** Whether sessions may only send trusted documents; those of the start page are not. */
  readonly isTrustedOnly: boolean
  /**
   * Origins of the application's pages: from them links are claimed, and they may frame embeddable links. Empty: the origin
   * of the link's redirect URI may frame it, and no other site can claim links.
   */
  readonly applicationOrigins: readonly string[]
  /** Name of the application for end users. */
  readonly appName: string
}

export interface HttpExchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** The origins that may frame the pages of a link. */
export function frameOrigins(
  { connect, applicationOrigins }: PagesContext,
  link: ConnectLinkRow,
): readonly string[] {
  if (!link.embeddable) return []
  if (applicationOrigins.length > 0) return applicationOrigins
  const url = applicationReturnUrl(link, connect.encryption, false)
  return url === null ? [] : [new URL(url).origin]
}
