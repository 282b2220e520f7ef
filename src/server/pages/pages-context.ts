import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ConnectContext } from '../../connect/context.ts'
import { applicationReturnUrl } from '../../connect/links/return-url.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'

/** What the gateway's own pages stand on. */
export interface PagesContext {
  readonly connect: ConnectContext
  /** It serves others than whoever sits at this machine. */
  readonly isExposed: boolean
  /** Origins whose pages may show links in a frame, where the provider allows that; empty: the link's own application's. */
  readonly frameOrigins: readonly string[]
}

/** A request and its answer. */
export interface HttpExchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** Whose pages may show the pages of a link in a frame. */
export function frameOrigins(
  { connect, frameOrigins: embedders }: PagesContext,
  link: ConnectLinkRow,
): readonly string[] {
  if (!link.embeddable) return []
  if (embedders.length > 0) return embedders
  const address = applicationReturnUrl(link, connect.encryption, false)
  return address === null ? [] : [new URL(address).origin]
}
