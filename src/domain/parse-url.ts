/**
 * Parses a URL; `null` if it is malformed. Does not use `URL.canParse`: in Node 20, once optimized by the JIT compiler,
 * it rejects non-ASCII input such as "ü" that it accepted before.
 */
export function parseUrl(text: string): URL | null {
  // Caught because Node 20 has no reliable check without an exception.
  try {
    return new URL(text)
  } catch {
    return null
  }
}
