type LogLine = (fields: Readonly<Record<string, unknown>>, message: string) => void

/**
 * A structured log. Fields carry ids and codes only, never links, tokens, credentials or provider bodies; an error goes
 * under the key `err`, which is written as its name, code, message and stack.
 */
export interface Log {
  readonly debug: LogLine
  readonly info: LogLine
  readonly warn: LogLine
  readonly error: LogLine
  readonly fatal: LogLine
}
