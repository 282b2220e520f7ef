/** Parses a provider's timestamp. Returns `null` if it is absent or invalid. */
export function parseDate(text: string | null | undefined): Date | null {
  const at = new Date(text ?? Number.NaN)
  return Number.isNaN(at.getTime()) ? null : at
}
