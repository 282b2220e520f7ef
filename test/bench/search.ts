import { performance } from 'node:perf_hooks'
import { groupApplications } from '../../src/connect/catalogue/applications.ts'
import { searchConnectors } from '../../src/connect/catalogue/search/search-connectors.ts'
import { buildSearchIndex, type SearchIndex } from '../../src/connect/catalogue/search/search-index.ts'
import { indexAll, readSandboxConnectors } from '../connect/catalogue/sandbox-connectors.ts'
import { goldenQueries, heldOutQueries, type LabelledQuery } from '../fixtures/golden-queries.ts'

/**
 * How long a search takes in one process, and for how long building the index keeps everything else waiting. Compiled
 * with the rest: npx tsc -p . --noEmit false --noCheck --outDir node_modules/.cache/bench, then
 * node node_modules/.cache/bench/test/bench/search.js [connectors of each provider]
 */
const each = Number(process.argv[2] ?? 3000)

const found = await readSandboxConnectors(each)
const total = [...found.values()].flat().length
print(`${total} connectors, ${each} of each provider`)

await indexAll(await readSandboxConnectors()) // lets the compiler warm up
const started = performance.now()
let indexes: readonly SearchIndex[] = []
const turns = watchTurns()
let slowest = 0
for (const [provider, connectors] of found) {
  const before = performance.now()
  indexes = [...indexes, await buildSearchIndex(provider, connectors)]
  slowest = Math.max(slowest, performance.now() - before)
}
const longest = turns.stop()
print(`index: ${ms(performance.now() - started)} for all, ${ms(slowest)} for the slowest provider`)
print(
  `longest turn of the event loop meanwhile: clock ${ms(longest.clock)}, processor ${ms(longest.processor)}`,
)

const grouping = process.cpuUsage()
groupApplications(indexes.flatMap(({ entries }) => entries))
print(`applications: processor ${ms(process.cpuUsage(grouping).user / 1000)} at a stretch`)

const names = [...found.values()].flat().map(({ name }) => name)
const everyTenth = names.filter((_, at) => at % 40 === 0)
report(
  'golden queries',
  goldenQueries.map(({ query }) => query),
)
report('exact names', everyTenth)
report(
  'beginnings',
  everyTenth.map((name) => name.slice(0, 4)),
)
report(
  'misspelt',
  everyTenth.map((name) => name.slice(0, 2) + name.slice(3)),
)
report('what everything matches', ['sandbox', 'sandbox app', 'app sandbox', 'sandbx app', 's'])
report('nothing at all', ['qqqqqqqq', 'no such application anywhere'])
report(
  'no search: the list by name',
  Array.from({ length: 20 }, () => ''),
)

/** How many are right; the held-out ones are told and never tuned on. */
function quality(what: string, queries: readonly LabelledQuery[]): void {
  const right = (rows: number) =>
    queries.filter(({ query, best }) =>
      searchConnectors(indexes, { search: query })
        .slice(0, rows)
        .some(({ connector }) => best.includes(connector.name.toLowerCase())),
    )
  const [first, five] = [right(1), right(5)]
  print(`${what}: first row ${first.length} of ${queries.length}, first five rows ${five.length}`)
  for (const query of queries) if (!first.includes(query)) print(`  not in the first row: ${query.query}`)
}

/** Measures how long others have to wait for the event loop. */
function watchTurns() {
  const longest = { clock: 0, processor: 0 }
  let before = { at: performance.now(), cpu: process.cpuUsage() }
  let stopped = false
  const turn = () => {
    const { user, system } = process.cpuUsage(before.cpu)
    longest.clock = Math.max(longest.clock, performance.now() - before.at)
    longest.processor = Math.max(longest.processor, (user + system) / 1000)
    before = { at: performance.now(), cpu: process.cpuUsage() }
    if (!stopped) setImmediate(turn)
  }
  setImmediate(turn)
  return {
    stop() {
      stopped = true
      return longest
    },
  }
}

function report(what: string, searches: readonly string[]): void {
  for (const search of searches.slice(0, 20)) searchConnectors(indexes, { search })
  const timed = searches.map((search) => {
    const before = { at: performance.now(), cpu: process.cpuUsage() }
    searchConnectors(indexes, { search })
    const { user, system } = process.cpuUsage(before.cpu)
    return { clock: performance.now() - before.at, processor: (user + system) / 1000 }
  })
  const share = (kind: 'clock' | 'processor', part: number) =>
    ms(timed.map((one) => one[kind]).sort((a, b) => a - b)[Math.ceil(timed.length * part) - 1])
  const line = (kind: 'clock' | 'processor') =>
    `${kind} p50 ${share(kind, 0.5)}, p95 ${share(kind, 0.95)}, most ${share(kind, 1)}`
  // On a busy machine the clock counts what others do too.
  print(`${what} (${searches.length}): ${line('clock')}; ${line('processor')}`)
}

function ms(value = 0): string {
  return `${value.toFixed(1)} ms`
}

quality('golden queries', goldenQueries)
quality('held-out queries', heldOutQueries)

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
