// biome-ignore lint/suspicious/noControlCharactersInRegex: it matches NUL
const unstorable = /\u0000|\p{Cs}/u

/** Whether PostgreSQL can store the text: it accepts neither NUL nor lone surrogates. */
export const isValidText = (text: string): boolean => !unstorable.test(text)

/**
 * Whether the text has no format characters (zero-width spaces, byte order marks): two IDs that differ only by them look
 * equal, and databases drop some of them.
 */
export const hasNoFormatCharacters = (text: string): boolean => !/\p{Cf}/u.test(text)

const unprintable = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u

/**
 * The text on one line: without control characters, lone surrogates and bidirectional overrides, with single spaces between
 * words, and at most `maxLength` characters long. `null`: nothing is left of it.
 */
export function toPlainText(text: string, maxLength: number): string | null {
  const plain = [...text.replaceAll(/\s+/g, ' ')].filter(isPrintableText).join('').trim()
  // By code points, so that no character is cut in half.
  return [...plain].slice(0, maxLength).join('').trim() || null
}

/**
 * Whether the text has no control characters, lone surrogates or bidirectional overrides, which make names misleading.
 */
export const isPrintableText = (text: string): boolean => !unprintable.test(text)
