/** IDs, keys, codes and numbers only: never a URL, a token, an input or a text of a provider. `undefined`: not known. */
export type SpanAttributes = Readonly<Record<string, string | number | undefined>>

export interface SpanOptions {
  /** Default: work inside the process. */
  readonly kind?: 'SERVER' | 'CLIENT' | 'PRODUCER'
  readonly attributes?: SpanAttributes
  /** W3C `traceparent` of the caller, whose trace is continued; one that cannot be read is ignored. */
  readonly parent?: string | undefined
  /** Begins a trace of its own, which is linked to the running span and to `links`. */
  readonly isRoot?: boolean
  /** Values of `traceparent` of the spans that caused the work. */
  readonly links?: readonly (string | null)[]
}

/** Records what a process does as spans, which belong to traces. */
export interface Tracing {
  /** `false`: nothing is recorded. */
  readonly isOn: boolean
  /**
   * Runs work as a span, which ends when the work has ended. If it fails, the span has the code or the name of its error, never
   * the message.
   */
  run<Result>(name: string, options: SpanOptions, work: () => Promise<Result>): Promise<Result>
  /** Adds attributes to the running span. `error.type` marks it as failed. */
  annotate(attributes: SpanAttributes): void
  /** W3C `traceparent` of the running span; `undefined`: there is none, or it is not sampled. */
  traceParent(): string | undefined
}

export const noTracing: Tracing = {
  isOn: false,
  run: (_name, _options, work) => work(),
  annotate: () => undefined,
  traceParent: () => undefined,
}

/** The ID of the trace of a `traceparent`, for log lines. */
export const traceIdOf = (traceParent: string | undefined): string | undefined => traceParent?.split('-')[1]
