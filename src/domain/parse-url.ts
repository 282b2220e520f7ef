/**
 * The URL that a text is, or `null`. Not `URL.canParse`: once compiled, Node 20's refuses texts with letters such as "ü"
 * that it took a moment before.
 */
export function parseUrl(text: string): URL | null {
  // Caught because Node 20 has no way of asking that answers reliably.
  try {
    return new URL(text)
  } catch {
    return null
  }
}
