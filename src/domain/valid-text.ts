// biome-ignore lint/suspicious/noControlCharactersInRegex: it matches NUL
const unstorable = /\u0000|\p{Cs}/u

/** Whether PostgreSQL can store the text: it accepts neither NUL nor lone surrogates. */
export const isValidText = (text: string): boolean => !unstorable.test(text)

const unprintable = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u

/**
 * Whether the text has no control characters, lone surrogates or bidirectional overrides, which make names misleading.
 */
export const isPrintableText = (text: string): boolean => !unprintable.test(text)
