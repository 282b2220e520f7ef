/** A label that the application sets on links and connections; never sent to a provider. */
export interface Tag {
  readonly key: string
  readonly value: string
}
