import { InvalidArgumentError } from 'commander'

/** A parser of an option with a fixed set of values, which may be written in lower case. */
export const oneOf =
  <Value extends string>(values: readonly Value[]) =>
  (text: string): Value => {
    const value = values.find((one) => one === text.toUpperCase())
    if (value === undefined)
      throw new InvalidArgumentError(`It must be one of ${values.join(', ').toLowerCase()}.`)
    return value
  }

/** A parser of a whole number from 1 to `max`. */
export const wholeNumber =
  (max: number) =>
  (text: string): number => {
    const value = Number(text)
    if (!/^\d+$/.test(text) || value < 1 || value > max)
      throw new InvalidArgumentError(`It must be a whole number from 1 to ${max}.`)
    return value
  }
