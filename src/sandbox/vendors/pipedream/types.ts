export type Environment = 'development' | 'production'

/** A stored connect token (`POST …/tokens`). */
export interface ConnectToken {
  readonly token: string
  readonly environment: Environment
  readonly externalUserId: string
  readonly expiresAt: string
  /** Slug of the app, if it was sent when the token was created. */
  readonly app: string | null
  readonly oauthAppId: string | null
  readonly successRedirectUri: string | null
  readonly errorRedirectUri: string | null
  readonly webhookUri: string | null
  /** A token can connect one account only. */
  used: boolean
}

export interface Account {
  readonly id: string
  readonly environment: Environment
  readonly externalId: string
  readonly slug: string
  readonly oauthAppId: string | null
  readonly name: string | null
  readonly healthy: boolean
  readonly dead: boolean | null
  readonly createdAt: string
  readonly updatedAt: string
}

/** An end user of a project in one environment. */
export interface ExternalUser {
  readonly environment: Environment
  readonly externalId: string
  readonly createdAt: string
}
