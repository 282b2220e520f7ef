import {
  type FunnelDrop,
  type FunnelGroup,
  type FunnelKey,
  type FunnelStage,
  funnelStages,
} from '../../domain/link-funnel.ts'
import {
  countFunnel,
  type FunnelCount,
  type FunnelMedians,
  type FunnelRequest,
  readFunnelMedians,
} from '../../store/link-funnel.ts'
import type { ConnectContext } from '../context.ts'

export interface LinkFunnel {
  readonly total: FunnelGroup
  /** Days in their order, other groups by the number of their links, the largest first. */
  readonly groups: readonly FunnelGroup[]
}

/** How many links that were created in a time were opened, attempted and completed, in all and by group. */
export async function readLinkFunnel({ db }: ConnectContext, request: FunnelRequest): Promise<LinkFunnel> {
  const whole = readFunnelMedians(db, { ...request, groupBy: null })
  const [counts, medians, [totalMedians]] = await Promise.all([
    countFunnel(db, request),
    request.groupBy === null ? [] : readFunnelMedians(db, request),
    whole,
  ])
  const all: FunnelKey = { provider: null, connectorKey: null, organizationId: null, day: null }
  const total = toGroup(all, counts, totalMedians)
  if (request.groupBy === null) return { total, groups: [] }
  const mediansByKey = new Map(medians.map((row) => [nameOf(row), row]))
  const groups = [...groupRows(counts, nameOf)].map(([name, rows]) =>
    toGroup(rows[0] as FunnelKey, rows, mediansByKey.get(name)),
  )
  return { total, groups: groups.sort(compareGroups) }
}

function groupRows(
  rows: readonly FunnelCount[],
  name: (row: FunnelCount) => string,
): ReadonlyMap<string, readonly FunnelCount[]> {
  const groups = new Map<string, FunnelCount[]>()
  for (const row of rows) {
    const group = groups.get(name(row))
    if (group === undefined) groups.set(name(row), [row])
    else group.push(row)
  }
  return groups
}

const nameOf = ({ provider, connectorKey, organizationId, day }: FunnelKey): string =>
  JSON.stringify([provider, connectorKey, organizationId, day])

const compareGroups = (a: FunnelGroup, b: FunnelGroup): number =>
  (a.day?.getTime() ?? 0) - (b.day?.getTime() ?? 0) ||
  b.created - a.created ||
  (nameOf(a) < nameOf(b) ? -1 : 1)

function toGroup(
  { provider, connectorKey, organizationId, day }: FunnelKey,
  counts: readonly FunnelCount[],
  medians: FunnelMedians | undefined,
): FunnelGroup {
  return {
    provider,
    connectorKey,
    organizationId,
    day,
    created: countFrom('CREATED', counts),
    opened: countFrom('OPENED', counts),
    attempted: countFrom('ATTEMPTED', counts),
    completed: countFrom('COMPLETED', counts),
    medianSecondsToOpen: medians?.secondsToOpen ?? null,
    medianSecondsToComplete: medians?.secondsToComplete ?? null,
    drops: dropsOf(counts),
  }
}

/** How many links reached that stage. */
const countFrom = (from: FunnelStage, counts: readonly FunnelCount[]): number =>
  counts
    .filter(({ stage }) => funnelStages.indexOf(stage) >= funnelStages.indexOf(from))
    .reduce((sum, { count }) => sum + count, 0)

/** Equal ones of several groups are one. */
function dropsOf(counts: readonly FunnelCount[]): readonly FunnelDrop[] {
  const open = counts.filter(({ stage }) => stage !== 'COMPLETED')
  const drops = groupRows(open, ({ stage, status, failureCode }) => `${stage} ${status} ${failureCode}`)
  return [...drops.values()]
    .map((equal) => {
      const { stage, status, failureCode } = equal[0] as FunnelCount
      return { stage, status, failureCode, count: equal.reduce((sum, { count }) => sum + count, 0) }
    })
    .sort((a, b) => b.count - a.count)
}
