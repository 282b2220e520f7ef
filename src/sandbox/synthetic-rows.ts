/** Rows that exist only by counting: load for catalogue and connection lists, never stored. */

const yearMs = 365 * 24 * 60 * 60 * 1000
const goldenRatio = 0.618_033_988_749_895

/** Key and name of the synthetic connector with this number. */
export function syntheticConnector(index: number): { readonly key: string; readonly name: string } {
  return { key: `sandbox_app_${String(index).padStart(5, '0')}`, name: `Sandbox App ${index}` }
}

/** `real` padded to `total` with what `make` gives for 1, 2, 3 …; call it once and keep the list. */
export function padList<T>(real: readonly T[], total: number, make: (index: number) => T): readonly T[] {
  const missing = Math.max(0, total - real.length)
  return [...real, ...Array.from({ length: missing }, (_, at) => make(at + 1))]
}

/** `count` rows, 1, 2, 3 …; call it once and keep the list. */
export function inflate<T>(count: number, make: (index: number) => T): readonly T[] {
  return padList([], count, make)
}

/** A moment in the year before `end`, the same for the same number, spread evenly but not in order. */
export function momentInPastYear(end: Date, index: number): Date {
  return new Date(end.getTime() - Math.floor(((index * goldenRatio) % 1) * yearMs))
}

/** The element of a cycle that belongs to a number; for mixed statuses, types and groups. */
export function pick<T>(choices: readonly [T, ...T[]], index: number): T {
  return choices[index % choices.length] ?? choices[0]
}
