/** A provider's timestamp; one that cannot be read is as good as none. */
export function parseDate(text: string | null | undefined): Date | null {
  const at = new Date(text ?? Number.NaN)
  return Number.isNaN(at.getTime()) ? null : at
}
