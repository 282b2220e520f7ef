import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ConnectContext } from '../../connect/context.ts'
import { applicationAddress } from '../../connect/links/return-url.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'

/** What the gateway's own pages stand on. */
export interface Site {
  readonly connect: ConnectContext
  /** It serves others than whoever sits at this machine. */
  readonly isForOthers: boolean
  /** Origins whose pages may show links in a frame, where the provider allows that; empty: the link's own application's. */
  readonly embedders: readonly string[]
}

/** A request and its answer. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** Whose pages may show the pages of a link in a frame. */
export function frameOrigins({ connect, embedders }: Site, link: ConnectLinkRow): readonly string[] {
  if (!link.embeddable) return []
  if (embedders.length > 0) return embedders
  const address = applicationAddress(link, connect.secrets, false)
  return address === null ? [] : [new URL(address).origin]
}
