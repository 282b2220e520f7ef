type LogLine = (fields: Readonly<Record<string, unknown>>, message: string) => void

/**
 * A structured log. Fields carry IDs, codes and redacted provider messages only, never links, tokens, credentials or
 * provider bodies. An error is passed as `err`; its name, code, message and stack are logged.
 */
export interface Log {
  readonly debug: LogLine
  readonly info: LogLine
  readonly warn: LogLine
  readonly error: LogLine
  readonly fatal: LogLine
}
