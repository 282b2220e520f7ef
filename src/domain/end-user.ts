/** A user of the application who connects accounts. */
export interface EndUser {
  /** The application's own ID of the user. */
  readonly id: string
  readonly name: string | null
  readonly email: string | null
}
