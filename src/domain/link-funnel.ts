import type { ProviderKey } from './provider-key.ts'
import type { FailureCode, LinkStatus } from './statuses.ts'

/** The steps of a connect link, each of which includes those before it. */
export const funnelStages = ['CREATED', 'OPENED', 'ATTEMPTED', 'COMPLETED'] as const
export type FunnelStage = (typeof funnelStages)[number]

/** What the links of a funnel are counted by. */
export const funnelGroupings = ['PROVIDER', 'CONNECTOR', 'ORGANIZATION', 'DAY'] as const
export type FunnelGrouping = (typeof funnelGroupings)[number]

/** What the links of a group have in common; the fields that its links are not grouped by are `null`. */
export interface FunnelKey {
  readonly provider: ProviderKey | null
  readonly connectorKey: string | null
  readonly organizationId: string | null
  /** Start of a day in UTC. */
  readonly day: Date | null
}

/** How many links did not complete (yet), with the last stage that they reached. */
export interface FunnelDrop {
  readonly stage: FunnelStage
  readonly status: LinkStatus
  /** Of the last failed attempt; `null`: there was none. */
  readonly failureCode: FailureCode | null
  readonly count: number
}

/** Numbers of links: how many reached each stage, and why the others did not. */
export interface FunnelGroup extends FunnelKey {
  readonly created: number
  readonly opened: number
  readonly attempted: number
  readonly completed: number
  /** From creation; `null`: no link reached the stage. */
  readonly medianSecondsToOpen: number | null
  readonly medianSecondsToComplete: number | null
  /** The most frequent ones first. */
  readonly drops: readonly FunnelDrop[]
}
