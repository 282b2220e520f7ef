export interface RunningGateway {
  /** Resolves when the gateway serves requests; rejects if it cannot be started. */
  readonly started: Promise<unknown>
  /** Rejects when a gateway that was started cannot go on. */
  readonly failed?: Promise<never>
  /** Ends a gateway, also one that is still starting. Returns whether every step succeeded in its time. */
  stop(): Promise<boolean>
}
