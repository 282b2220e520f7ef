import type { Reading } from './measure.ts'
import type { Operation } from './operations.ts'
import { peakMemoryMb } from './process-usage.ts'
import type { Server } from './servers.ts'

/** The middle value; the mean of the two in the middle of an even number. */
function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return ((sorted[Math.ceil(middle) - 1] ?? Number.NaN) + (sorted[Math.floor(middle)] ?? Number.NaN)) / 2
}

export const columns = [
  'operation',
  'server',
  'CPU s/1000',
  'ratio',
  'range of the ratio',
  'req/s',
  'p99 ms',
] as const

/** Rows of one operation, with the ratio of each server's CPU to that of the first one, round by round. */
export function rowsOf(
  { name }: Operation,
  readings: ReadonlyMap<Server, readonly Reading[]>,
): readonly (readonly string[])[] {
  const [[base, baseline] = []] = readings
  return [...readings].map(([server, own]) => {
    const ratios = own.map(({ cpu }, round) => cpu / (baseline?.[round]?.cpu ?? Number.NaN))
    const failures = own.reduce((sum, reading) => sum + reading.failures, 0)
    if (failures > 0) throw new Error(`${failures} requests of ${name} have failed at ${server.name}`)
    const isCompared = base?.name === 'limit'
    return [
      name,
      server.name,
      median(own.map(({ cpu }) => cpu)).toFixed(3),
      isCompared ? median(ratios).toFixed(2) : '–',
      isCompared && server !== base
        ? `${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)}`
        : '–',
      median(own.map(({ perSecond }) => perSecond)).toFixed(0),
      median(own.map(({ p99Ms }) => p99Ms)).toFixed(1),
    ]
  })
}

/** Cold start and largest memory of each server. */
export const resourcesOf = (servers: readonly Server[]): readonly (readonly string[])[] =>
  servers.map(({ name, coldStartMs, process: { pid } }) => [
    name,
    coldStartMs.toFixed(0),
    String(peakMemoryMb(pid)),
  ])

/** A Markdown table. */
export function printTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = header.map((title, index) =>
    Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`
  console.log(
    ['', line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line), ''].join('\n'),
  )
}
