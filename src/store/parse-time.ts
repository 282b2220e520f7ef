import pg from 'pg'

const parseAny = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => Date

/**
 * Parses a `timestamptz` in the DateStyle ISO. Times of the usual format are read digit by digit, several times as fast as
 * by the driver, which reads the others: infinity, years before 1000 and after 9999, other offsets than UTC.
 */
export function parseTime(text: string): Date {
  const { length } = text
  const isUsual = length >= 22 && length <= 26 && text.endsWith('+00') && text[4] === '-' && text[0] !== '0'
  if (!isUsual || (length > 22 && text[19] !== '.')) return parseAny(text)
  // Without a decimal point: 22 characters; with one to three decimals: 24 to 26.
  const decimals = length - 23
  const ms = decimals > 0 ? digits(text, 20, decimals) * 10 ** (3 - decimals) : 0
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 2) - 1, digits(text, 8, 2)]
  return new Date(
    Date.UTC(year, month, day, digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2), ms),
  )
}

/** The number that these digits are. */
function digits(text: string, start: number, count: number): number {
  let value = 0
  for (let index = start; index < start + count; index += 1) value = value * 10 + text.charCodeAt(index) - 48
  return value
}
