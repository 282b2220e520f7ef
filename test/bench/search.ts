import { performance } from 'node:perf_hooks'
import { groupApplications } from '../../src/connect/catalogue/applications.ts'
import { searchConnectors } from '../../src/connect/catalogue/search/search-connectors.ts'
import { buildSearchIndex, type SearchIndex } from '../../src/connect/catalogue/search/search-index.ts'
import { indexAll, readSandboxConnectors } from '../connect/catalogue/sandbox-connectors.ts'
import { goldenQueries, heldOutQueries, type LabelledQuery } from '../fixtures/golden-queries.ts'

/**
 * Measures the time of a search in one process, and for how long building the index blocks the event loop. Compile and
 * run it:
 *
 *     npx tsc -p . --noEmit false --noCheck --outDir node_modules/.cache/bench
 *     node node_modules/.cache/bench/test/bench/search.js [connectors per provider]
 */
const perProvider = Number(process.argv[2] ?? 3000)

const connectorsByProvider = await readSandboxConnectors(perProvider)
const total = [...connectorsByProvider.values()].flat().length
print(`${total} connectors, ${perProvider} per provider`)

await indexAll(await readSandboxConnectors()) // JIT warm-up
const started = performance.now()
let indexes: readonly SearchIndex[] = []
const monitor = monitorEventLoop()
let slowest = 0
for (const [provider, connectors] of connectorsByProvider) {
  const before = performance.now()
  indexes = [...indexes, await buildSearchIndex(provider, connectors)]
  slowest = Math.max(slowest, performance.now() - before)
}
const longest = monitor.stop()
print(`index: ${ms(performance.now() - started)} for all, ${ms(slowest)} for the slowest provider`)
print(`longest event loop iteration meanwhile: wall clock ${ms(longest.wallClock)}, CPU ${ms(longest.cpu)}`)

const grouping = process.cpuUsage()
groupApplications(indexes.flatMap(({ entries }) => entries))
print(`applications: CPU ${ms(process.cpuUsage(grouping).user / 1000)} without yielding`)

const names = [...connectorsByProvider.values()].flat().map(({ name }) => name)
const sampledNames = names.filter((_, index) => index % 40 === 0)
report(
  'golden queries',
  goldenQueries.map(({ query }) => query),
)
report('exact names', sampledNames)
report(
  'prefixes',
  sampledNames.map((name) => name.slice(0, 4)),
)
report(
  'misspelt names',
  sampledNames.map((name) => name.slice(0, 2) + name.slice(3)),
)
report('queries that match all connectors', ['sandbox', 'sandbox app', 'app sandbox', 'sandbx app', 's'])
report('queries without a match', ['qqqqqqqq', 'no such application anywhere'])
report(
  'empty query (list by name)',
  Array.from({ length: 20 }, () => ''),
)

/**
 * Prints how many queries rank a best match first or in the first five rows. Ranking is never tuned on the held-out
 * queries.
 */
function reportQuality(label: string, queries: readonly LabelledQuery[]): void {
  const correct = (rows: number) =>
    queries.filter(({ query, best }) =>
      searchConnectors(indexes, { search: query })
        .slice(0, rows)
        .some(({ connector }) => best.includes(connector.name.toLowerCase())),
    )
  const [first, five] = [correct(1), correct(5)]
  print(`${label}: first row ${first.length} of ${queries.length}, first five rows ${five.length}`)
  for (const query of queries) if (!first.includes(query)) print(`  not in the first row: ${query.query}`)
}

/** Measures the longest iteration of the event loop, which delays all other work. */
function monitorEventLoop() {
  const longest = { wallClock: 0, cpu: 0 }
  let before = { at: performance.now(), cpu: process.cpuUsage() }
  let stopped = false
  const onIteration = () => {
    const { user, system } = process.cpuUsage(before.cpu)
    longest.wallClock = Math.max(longest.wallClock, performance.now() - before.at)
    longest.cpu = Math.max(longest.cpu, (user + system) / 1000)
    before = { at: performance.now(), cpu: process.cpuUsage() }
    if (!stopped) setImmediate(onIteration)
  }
  setImmediate(onIteration)
  return {
    stop() {
      stopped = true
      return longest
    },
  }
}

function report(label: string, searches: readonly string[]): void {
  for (const search of searches.slice(0, 20)) searchConnectors(indexes, { search })
  const timed = searches.map((search) => {
    const before = { at: performance.now(), cpu: process.cpuUsage() }
    searchConnectors(indexes, { search })
    const { user, system } = process.cpuUsage(before.cpu)
    return { wallClock: performance.now() - before.at, cpu: (user + system) / 1000 }
  })
  const quantile = (kind: 'wallClock' | 'cpu', fraction: number) =>
    ms(timed.map((times) => times[kind]).sort((a, b) => a - b)[Math.ceil(timed.length * fraction) - 1])
  const summary = (kind: 'wallClock' | 'cpu') =>
    `p50 ${quantile(kind, 0.5)}, p95 ${quantile(kind, 0.95)}, max ${quantile(kind, 1)}`
  // On a busy machine, the wall clock time includes other processes.
  print(`${label} (${searches.length}): wall clock ${summary('wallClock')}; CPU ${summary('cpu')}`)
}

function ms(value = 0): string {
  return `${value.toFixed(1)} ms`
}

reportQuality('golden queries', goldenQueries)
reportQuality('held-out queries', heldOutQueries)

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
