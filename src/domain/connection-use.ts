/** How an application uses a connection at its provider. */
export type ConnectionUseKind = 'PROXY' | 'SYNC' | 'REFERENCE' | 'TOOL'

/** In `url` and `headers` of an example, the place of a value that the application has, such as an API key. */
export const placeOf = (variable: string): string => `\0${variable}\0`

/** A request to the provider's API. */
export interface ExampleRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** `null`: none. */
  readonly body: object | null
}

/** What an application needs to use a connection with the provider's own API; no secrets. */
export interface ConnectionUse {
  readonly kind: ConnectionUseKind
  /** The IDs that the provider's API takes, by the names that it has for them. */
  readonly values: Readonly<Record<string, string>>
  readonly docsUrl: string
  readonly example: ExampleRequest
}

/** The request as a command for a POSIX shell; values that the application has are environment variables. */
export function toCurl({ method, url, headers, body }: ExampleRequest): string {
  const parts = [
    `curl -X ${method} ${shellWord(url)}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${shellWord(`${name}: ${value}`)}`),
    ...(body === null ? [] : [`-d ${quoted(JSON.stringify(body))}`]),
  ]
  return parts.join(' \\\n  ')
}

// No ID has a NUL: PostgreSQL does not store it.
const place = /\0([A-Z0-9_]+)\0/

/** An ID of the application may have any characters. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

const shellWord = (text: string): string =>
  text
    .split(place)
    .map((part, index) => (index % 2 === 1 ? `"$${part}"` : quoted(part)))
    .filter((part) => part !== "''")
    .join('')
