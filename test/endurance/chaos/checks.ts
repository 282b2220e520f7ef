import type { ProviderKey } from '../../generated/graphql.ts'
import { percentile } from '../client.ts'
import type { ForwardedWrite } from './fault-proxy.ts'
import { failing, type Phase, type Run, type Sample, working } from './load.ts'

/** A creation may take the deadline of an operation (10 s), and a request at most its execution time limit (30 s). */
const creationLimitMs = 11_500

/**
 * After the recovery every key is acknowledged: more objects at a provider than keys are duplicates. A creation whose answer
 * was lost is found again at Fivetran by its name, or removed. Census has no list of links: such a link is replaced, and
 * stays unused, because no one has its address.
 */
export function duplicateWrites(
  writes: readonly ForwardedWrite[],
  keys: ReadonlyMap<string, ProviderKey>,
): readonly string[] {
  const count = (path: RegExp, isLost?: boolean) =>
    writes.filter((write) => path.test(write.path) && (isLost === undefined || write.isLost === isLost))
      .length
  const wanted = (provider: ProviderKey) => [...keys.values()].filter((key) => key === provider).length
  const connections =
    count(/^POST \/fivetran\/v1\/connections$/) - count(/^DELETE \/fivetran\/v1\/connections\//)
  const links = count(/^POST \/census\/.*connect_links$/, false)
  console.log(
    `FIVETRAN: ${connections} connections for ${wanted('FIVETRAN')} keys; CENSUS: ${links} links whose answer arrived for ${wanted('CENSUS')} keys`,
  )
  return [
    ...(connections > wanted('FIVETRAN') ? ['FIVETRAN: a key has two connections'] : []),
    ...(links > wanted('CENSUS') ? ['CENSUS: a key has two links'] : []),
  ]
}

/** Prints the figures and returns the violations. */
export function check({ samples, statusChanges }: Run): readonly string[] {
  const violations: string[] = []
  const of = (phase: Phase, kind: string) => samples.filter((one) => one.phase === phase && one.kind === kind)
  const timesOf = (phase: Phase, kind: string) => of(phase, kind).map(({ ms }) => ms)
  for (const kind of ['connections', 'connectors', ...working, ...failing])
    for (const phase of ['calm', 'chaos', 'outage', 'recovery'] as const)
      console.log(describe(kind, phase, of(phase, kind)))
  for (const kind of ['connections', 'connectors']) {
    const limitMs = percentile(timesOf('calm', kind), 0.95) + 250
    const disturbed = samples.filter((one) => one.kind === kind && one.phase !== 'calm')
    const good = disturbed.filter(({ ok, ms }) => ok && ms <= limitMs).length / disturbed.length
    console.log(`${kind}: ${(good * 100).toFixed(3)} % within ${Math.round(limitMs)} ms`)
    if (!(good >= 0.999)) violations.push(`${kind}: only ${(good * 100).toFixed(3)} % of the reads are fast`)
  }
  for (const kind of working) {
    const [calm, chaos] = [percentile(timesOf('calm', kind), 0.95), percentile(timesOf('chaos', kind), 0.95)]
    console.log(`${kind}: p95 ${Math.round(calm)} ms calm, ${Math.round(chaos)} ms in chaos`)
    if (!(chaos <= calm * 1.5))
      violations.push(`${kind}: p95 rose from ${Math.round(calm)} to ${Math.round(chaos)} ms`)
    if (samples.some((one) => one.kind === kind && !one.ok)) violations.push(`${kind}: a creation failed`)
  }
  const slowest = Math.max(...samples.map(({ ms }) => ms))
  if (slowest > creationLimitMs) violations.push(`a request took ${Math.round(slowest)} ms`)
  for (const key of failing) {
    const changes = statusChanges.filter((change) => change.includes(key))
    if (!changes.includes(`outage: ${key} DOWN`) && !changes.includes(`chaos: ${key} DOWN`))
      violations.push(`${key}: the breaker did not open`)
    if (!changes.at(-1)?.endsWith(' UP')) violations.push(`${key}: the breaker did not close`)
  }
  return violations
}

function describe(kind: string, phase: Phase, samples: readonly Sample[]): string {
  const times = samples.map(({ ms }) => ms)
  const [p50, p95, max] = [0.5, 0.95, 1].map((share) => Math.round(percentile(times, share)))
  const codes = samples.flatMap((one) => one.codes)
  const counts = [...new Set(codes)].map((code) => `${code} ${codes.filter((one) => one === code).length}`)
  const failed = samples.filter(({ ok }) => !ok).length
  return `${kind} ${phase}: ${samples.length} requests, ${failed} failed, p50 ${p50}, p95 ${p95}, max ${max} ms ${counts.join(', ')}`
}
