import type { Answer, SandboxRequest } from './http-types.ts'
import type { JsonObject } from './json.ts'
import type { Router } from './router.ts'

/** One fake vendor. */
export interface Vendor {
  /** Lower case; also its path prefix and the name of its part of the state. */
  readonly name: string
  /** Answers every API request below the prefix, its refusals (401, 404, 405 …) included. */
  api(request: SandboxRequest): Answer
  /** The hosted pages. GET shows one, POST is its form; requests are answered without API credentials. */
  readonly pages: Router
  /** Takes a connection's authorisation away, as happens in life; `false`: it has no such connection. */
  breakConnection?(id: string, how: JsonObject): boolean
}

/** One webhook POST to somebody else. */
export interface OutgoingWebhook {
  readonly url: string
  /** The exact bytes: a signature is made over them. */
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/** What a vendor may use of its surroundings. */
export interface World {
  /** The sandbox clock. */
  now(): Date
  /** When this state was made (kept over restarts): the anchor for the times of inflated rows. */
  bornAt(): Date
  /**
   * A part of the state. Call it once when the vendor is created; the function that comes back gives the
   * present object, to read and to mutate (it is another one after a reset). Plain JSON only. It is saved
   * after each request that is not a GET; `changed()` says so by hand.
   */
  slice<T extends object>(name: string, fresh: () => T): () => T
  changed(): void
  /** The public address of a hosted page: `path` starts with the vendor's prefix and is appended verbatim. */
  pageLink(path: string): string
  /** POSTs a webhook; the status, or undefined when nobody answered within 10 s. It never rejects. */
  deliver(delivery: OutgoingWebhook): Promise<number | undefined>
  /** How many connectors and connections each vendor shall have at least (0 = the real ones alone). */
  readonly connectors: number
  readonly connections: number
}
