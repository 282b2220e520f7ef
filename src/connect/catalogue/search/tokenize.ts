/**
 * Returns the tokens (runs of letters and digits) of a name, a key or a query, in lower case and without diacritics and
 * apostrophes: "Google-Sheets", "google_sheets" and "GOOGLE SHEETS" have equal tokens. A text of other characters only
 * is one token; a blank text has none.
 */
export function tokenize(text: string): readonly string[] {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\p{M}'’]+/gu, '')
  const symbols = text.trim().toLowerCase()
  return plain.match(/[\p{L}\p{N}]+/gu) ?? (symbols === '' ? [] : [symbols.replaceAll(/\s+/g, '')])
}

/** Returns the tokens without separators: "Help Scout", "helpscout" and "help_scout" are equal. */
export const joinTokens = (text: string): string => tokenize(text).join('')
