/**
 * The words of a name, a key or a query, in lower case and without marks: "Google-Sheets", "google_sheets" and "GOOGLE
 * SHEETS" have the same. A text of signs alone is one word; a blank one has none.
 */
export function tokenize(text: string): readonly string[] {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\p{M}'’]+/gu, '')
  const signs = text.trim().toLowerCase()
  return plain.match(/[\p{L}\p{N}]+/gu) ?? (signs === '' ? [] : [signs.replaceAll(/\s+/g, '')])
}

/** The words without anything between them: "Help Scout", "helpscout" and "help_scout" are the same. */
export const joinTokens = (text: string): string => tokenize(text).join('')
