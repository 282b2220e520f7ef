import { type LinkFunnel, readLinkFunnel } from '../connect/links/link-funnel.ts'
import type { FunnelDrop, FunnelGroup, FunnelGrouping, FunnelStage } from '../domain/link-funnel.ts'
import { builder } from './builder.ts'
import { maxPageSize } from './cost.ts'
import { LinkStatusEnum, ProviderKeyEnum, type Values } from './enums.ts'
import { FailureCodeEnum } from './link-history.ts'
import { badInput } from './paging.ts'

const stageValues: Values<FunnelStage> = {
  CREATED: { description: 'The link was created.' },
  OPENED: { description: 'The end user opened the link.' },
  ATTEMPTED: {
    description: 'The end user came back from the provider, or tried to connect there and failed.',
  },
  COMPLETED: { description: 'The connection was made.' },
}

const FunnelStageEnum = builder.enumType('FunnelStage', {
  description: 'A step of connect links; a link that has reached one has reached those before it.',
  values: stageValues,
})

const groupingValues: Values<FunnelGrouping> = {
  PROVIDER: { description: 'A group for each provider.' },
  CONNECTOR: { description: 'A group for each connector of each provider.' },
  ORGANIZATION: {
    description: 'A group for each organization; `organizationId` is null for links without one.',
  },
  DAY: { description: 'A group for each day, in UTC, on which links were created.' },
}

const FunnelGroupingEnum = builder.enumType('FunnelGrouping', {
  description: 'What a funnel is grouped by.',
  values: groupingValues,
})

const FunnelDropType = builder.objectRef<FunnelDrop>('FunnelDrop').implement({
  description: 'How many links did not complete, or not yet, and why.',
  fields: (t) => ({
    stage: t.expose('stage', { type: FunnelStageEnum, description: 'The last stage that they reached.' }),
    status: t.expose('status', {
      type: LinkStatusEnum,
      description: 'Their status now; CREATED, OPENED and AUTHORIZING may still complete.',
    }),
    failureCode: t.expose('failureCode', {
      type: FailureCodeEnum,
      nullable: true,
      description: 'Why the last attempt to connect failed; null if none failed.',
    }),
    count: t.exposeInt('count', { description: 'How many links.' }),
  }),
})

const FunnelGroupType = builder.objectRef<FunnelGroup>('FunnelGroup').implement({
  description: 'How many connect links of a group reached each stage.',
  fields: (t) => ({
    provider: t.expose('provider', {
      type: ProviderKeyEnum,
      nullable: true,
      description: 'Provider of the links; null unless grouped by PROVIDER or CONNECTOR.',
    }),
    connectorKey: t.exposeString('connectorKey', {
      nullable: true,
      description: "The provider's key of the connector of the links; null unless grouped by CONNECTOR.",
    }),
    organizationId: t.exposeString('organizationId', {
      nullable: true,
      description:
        "The application's own ID of the organization of the links; null unless grouped by ORGANIZATION.",
    }),
    day: t.expose('day', {
      type: 'DateTime',
      nullable: true,
      description: 'Start of the day on which the links were created, in UTC; null unless grouped by DAY.',
    }),
    created: t.exposeInt('created', { description: 'How many links were created.' }),
    opened: t.exposeInt('opened', { description: 'How many of them reached OPENED.' }),
    attempted: t.exposeInt('attempted', { description: 'How many of them reached ATTEMPTED.' }),
    completed: t.exposeInt('completed', { description: 'How many of them reached COMPLETED.' }),
    medianSecondsToOpen: t.exposeFloat('medianSecondsToOpen', {
      nullable: true,
      description: 'Median time from creation to opening, in seconds; null if none was opened.',
    }),
    medianSecondsToComplete: t.exposeFloat('medianSecondsToComplete', {
      nullable: true,
      description: 'Median time from creation to completion, in seconds; null if none was completed.',
    }),
    drops: t.field({
      type: [FunnelDropType],
      description: 'The links that did not complete by stage, status and failure; the most frequent first.',
      resolve: ({ drops }) => [...drops],
    }),
  }),
})

const FunnelType = builder.objectRef<LinkFunnel>('Funnel').implement({
  description:
    'How far connect links got that were created in a time. Counted by their histories, so that the numbers equal those of `ConnectLink.history`. Reconnect links count; links that reused an existing connection are left out; ended links are counted until `RETENTION_DAYS` after their end.',
  fields: (t) => ({
    total: t.field({
      type: FunnelGroupType,
      description: 'The numbers of all links.',
      resolve: ({ total }) => total,
    }),
    groupCount: t.int({
      description: 'How many groups there are.',
      resolve: ({ groups }) => groups.length,
    }),
    groups: t.field({
      type: [FunnelGroupType],
      description: `The first ${maxPageSize} groups: days in their order, others with the most links first. Empty without \`groupBy\`.`,
      resolve: ({ groups }) => groups.slice(0, maxPageSize),
    }),
  }),
})

const maxRangeMs = 366 * 86_400_000

builder.queryField('funnel', (t) =>
  t.field({
    permission: 'audit:read',
    type: FunnelType,
    description:
      'How many connect links were created, opened, attempted and completed, in which time, and why the others did not complete. For API keys with the permission `audit:read` only.',
    args: {
      from: t.arg({ type: 'DateTime', required: true, description: 'Links created at this time or later.' }),
      to: t.arg({
        type: 'DateTime',
        required: true,
        description: 'Links created before this time; at most 366 days after `from`.',
      }),
      groupBy: t.arg({ type: FunnelGroupingEnum, description: 'What to group by. Default: not grouped.' }),
    },
    resolve: (_, { from, to, groupBy = null }, { connect }) => {
      const range = to.getTime() - from.getTime()
      if (range <= 0) throw badInput('"to" must be later than "from".')
      if (range > maxRangeMs) throw badInput('"to" must be at most 366 days after "from".')
      return readLinkFunnel(connect, { from, to, groupBy })
    },
  }),
)
