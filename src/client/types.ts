/** Status of a connect link; the last five are final. */
export type LinkStatus =
  | 'CREATED'
  | 'OPENED'
  | 'AUTHORIZING'
  | 'COMPLETED'
  | 'FAILED'
  | 'EXPIRED'
  | 'REVOKED'
  | 'SUPERSEDED'

/** The connection that was made or reconnected. */
export interface Connection {
  /** Opaque global ID, for the API. */
  readonly id: string
  readonly name: string | null
  readonly status: string
  readonly connectorKey: string
  readonly createdAt: string | null
  readonly provider: { readonly key: string; readonly name: string }
  readonly connector: {
    readonly key: string
    readonly name: string
    readonly logoUrl: string | null
  } | null
}

/** A connect link, as far as the client reads it. */
export interface ConnectLink {
  /** Opaque global ID, for the API. */
  readonly id: string
  readonly status: LinkStatus
  /** Of the link's page; `null`: there is nothing to open. */
  readonly url: string | null
  /** Whether the provider's page may be shown in an iframe. */
  readonly embeddable: boolean
  readonly guard: 'NONE' | 'SAME_BROWSER' | 'CONFIRM'
  /** The connection was made and waits for `confirmConnectLink`. */
  readonly awaitingConfirmation: boolean
  /** The latest failed attempt. */
  readonly lastFailure: (Failure & { readonly at: string }) | null
  /** Whether the end user has passed the link on to a colleague; `null`: never. */
  readonly handOver: { readonly state: 'WAITING' | 'OPENED' | 'DECLINED' | 'EXPIRED' | 'TAKEN_BACK' } | null
  readonly connection: Connection | null
}

export interface Failure {
  /**
   * A `FailureCode` of the API, the status of a link that ended without a connection (EXPIRED, REVOKED, SUPERSEDED), or
   * one of the client: CANCELLED, HANDED_OVER (a colleague of the end user has the link now), PENDING (the window was closed and the provider has not confirmed within a minute),
   * FRAME_REFUSED (the gateway does not allow this page to frame the link).
   */
  readonly code: string
  /** For people, in the provider's words; `null`: there is none. */
  readonly message: string | null
}

export type ConnectResult =
  | { readonly status: 'completed'; readonly linkId: string; readonly connection: Connection }
  | { readonly status: 'cancelled' | 'failed'; readonly linkId: string; readonly failure: Failure }

/** How the gateway is called. */
export interface GatewayOptions {
  /** Address of the gateway, such as `https://connect.example.com`; may have a path. */
  readonly gateway: string
  /** Session token of the end user, from `createSession`. Never an API key. Default: the first that `getSession` returns. */
  readonly session?: string | undefined
  /** Returns a new session token; called when there is none, or when the gateway does not accept it any more. */
  readonly getSession?: (() => Promise<string>) | undefined
  /** Called with each status of the link, the first one included. */
  readonly onStatus?: ((status: LinkStatus, link: ConnectLink) => void) | undefined
  /** Ends everything; the promise then rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined
}

/** What is opened: exactly one of `application`, `connection` and `link`. */
export interface ConnectOptions extends GatewayOptions {
  /** An `Application.slug` such as "hubspot"; with `provider` a `Connector.key`. */
  readonly application?: string | undefined
  /** ID of a connection to authorize again. */
  readonly connection?: string | undefined
  /** ID of a link that exists already, or the link. */
  readonly link?: string | { readonly id: string } | undefined
  /** With `application`: the provider to use, such as "PIPEDREAM". Default: the gateway selects one. */
  readonly provider?: string | undefined
  /** More fields of CreateConnectLinkInput or ReconnectConnectionInput, such as `redirectUri` and `direction`. */
  readonly input?: Readonly<Record<string, unknown>> | undefined
  /** Default: popup. */
  readonly mode?: 'popup' | 'redirect' | 'iframe' | undefined
  /** With the mode iframe: the element that the iframe is added to. */
  readonly container?: HTMLElement | undefined
}
