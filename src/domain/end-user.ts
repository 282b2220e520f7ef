/** A customer of the application, to which end users belong. */
export interface Organization {
  /** The application's own ID of the organization. */
  readonly id: string
  readonly name: string | null
}

/** A user of the application who connects accounts. */
export interface EndUser {
  /** The application's own ID of the user. */
  readonly id: string
  readonly name: string | null
  readonly email: string | null
  /** The organization that the user acts in; `null`: none. The same user in another organization has other rows. */
  readonly organization: Organization | null
}
