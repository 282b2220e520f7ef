// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is what it looks for
const unstorable = /\u0000|\p{Cs}/u

/** Whether PostgreSQL can hold the text: it takes neither NUL nor half a character. */
export const isStorable = (text: string): boolean => !unstorable.test(text)
