import type { RouteResult, SandboxRequest } from './http-types.ts'
import type { JsonObject } from './json.ts'
import type { Router } from './router.ts'

/** One fake vendor. */
export interface Vendor {
  /** In lower case; also its path prefix and the name of its slice of the state. */
  readonly name: string
  /** Handles every API request below the prefix; error responses (401, 404, 405 …) are included. */
  api(request: SandboxRequest): RouteResult
  /** The hosted pages: GET renders a page, POST submits its form. No API credentials are required. */
  readonly pages: Router
  /**
   * Revokes the authorisation of a connection, as a source does when access is withdrawn. Returns `false` when there is
   * no such connection.
   */
  breakConnection?(id: string, options: JsonObject): boolean
}

/** One webhook POST to another server. */
export interface OutgoingWebhook {
  readonly url: string
  /** Sent byte for byte: the signature is computed over it. */
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/** What the sandbox provides to a vendor. */
export interface SandboxContext {
  /** Of the credentials and IDs of this account of the vendor: `_acme`; empty for the main account. */
  readonly suffix: string
  /** The time of the sandbox clock. */
  now(): Date
  /** When this state was created (kept across restarts): the reference for the dates of generated rows. */
  stateCreatedAt(): Date
  /**
   * A slice of the state. Call it once, when the vendor is created. The returned function gives the current object, to
   * read and to mutate; a reset replaces that object. Plain JSON only. The state is saved after each request that is
   * not a GET; for any other change call `scheduleSave()`.
   */
  slice<T extends object>(name: string, createInitial: (previous?: T) => T): () => T
  scheduleSave(): void
  /** The public URL of a hosted page: `path` starts with the vendor's prefix and is appended verbatim. */
  pageUrl(path: string): string
  /** POSTs a webhook. Returns the HTTP status, or undefined without a response within 10 s. Never rejects. */
  sendWebhook(webhook: OutgoingWebhook): Promise<number | undefined>
  /** Minimum number of connectors of each vendor, padded with generated ones; 0: only the real ones. */
  readonly minConnectors: number
  /** Number of generated connections of each list; 0: none. */
  readonly generatedConnections: number
}
