/** Generated rows for load tests of catalogues and connection lists: computed from their number, not stored. */

import type { SandboxContext } from './vendor.ts'

const yearMs = 365 * 24 * 60 * 60 * 1000
const goldenRatio = 0.618_033_988_749_895

/** Key and name of the synthetic connector with this number. */
export function syntheticConnector(index: number): { readonly key: string; readonly name: string } {
  return { key: `sandbox_app_${String(index).padStart(5, '0')}`, name: `Sandbox App ${index}` }
}

/**
 * `real`, padded to `total` rows with `createRow(1)`, `createRow(2)` and so on. Computes all rows: call it once and
 * keep the list.
 */
export function padToCount<T>(
  real: readonly T[],
  total: number,
  createRow: (index: number) => T,
): readonly T[] {
  const missing = Math.max(0, total - real.length)
  return [...real, ...Array.from({ length: missing }, (_, at) => createRow(at + 1))]
}

/** `count` rows, numbered from 1. Computes all rows: call it once and keep the list. */
export function generateRows<T>(count: number, createRow: (index: number) => T): readonly T[] {
  return padToCount([], count, createRow)
}

/**
 * The generated connections of a list. They are computed once for each creation time of the state, on which their dates
 * depend: a reset changes it.
 */
export function createGeneratedConnections<T>(
  { generatedConnections, stateCreatedAt }: Pick<SandboxContext, 'generatedConnections' | 'stateCreatedAt'>,
  createRow: (index: number, stateCreatedAt: Date) => T,
): () => readonly T[] {
  let cache: { readonly ms: number; readonly rows: readonly T[] } | undefined
  return () => {
    const createdAt = stateCreatedAt()
    if (cache?.ms !== createdAt.getTime()) {
      const rows = generateRows(generatedConnections, (index) => createRow(index, createdAt))
      cache = { ms: createdAt.getTime(), rows }
    }
    return cache.rows
  }
}

/** A date in the year before `end`, deterministic for each index; the dates are spread evenly but not in order. */
export function dateInPastYear(end: Date, index: number): Date {
  return new Date(end.getTime() - Math.floor(((index * goldenRatio) % 1) * yearMs))
}

/** The choice at `index` modulo the number of choices: gives generated rows mixed statuses, types and groups. */
export function pick<T>(choices: readonly [T, ...T[]], index: number): T {
  return choices[index % choices.length] ?? choices[0]
}
