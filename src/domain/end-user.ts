/** A person of the application who connects accounts. */
export interface EndUser {
  /** The application's own id of the person. */
  readonly id: string
  readonly name: string | null
  readonly email: string | null
}
