import { CommandError } from './command-error.ts'

const secondsByUnit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 }

/** Parses the value of an option such as "90d". Throws CommandError. */
export function toSeconds(option: string, text: string): number {
  const [, count, unit = ''] = /^(\d{1,10})([smhd])$/.exec(text) ?? []
  const seconds = Number(count) * (secondsByUnit[unit] ?? Number.NaN)
  if (Number.isNaN(seconds))
    throw new CommandError(`${option} must be a time with a unit, such as 90d, 24h, 30m or 0s.`)
  return seconds
}
