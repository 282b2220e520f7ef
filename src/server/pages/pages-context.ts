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
  /** Origins that may frame embeddable links; empty: the origin of the link's redirect URI. */
  readonly frameOrigins: readonly string[]
}

export interface HttpExchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** The origins that may frame the pages of a link. */
export function frameOrigins(
  { connect, frameOrigins: configuredOrigins }: PagesContext,
  link: ConnectLinkRow,
): readonly string[] {
  if (!link.embeddable) return []
  if (configuredOrigins.length > 0) return configuredOrigins
  const url = applicationReturnUrl(link, connect.encryption, false)
  return url === null ? [] : [new URL(url).origin]
}
