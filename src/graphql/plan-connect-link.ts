import { planLink } from '../connect/create-link/create-link.ts'
import type { ProviderSelection } from '../connect/create-link/rank-offers.ts'
import { builder } from './builder.ts'
import { CreateConnectLinkInput, toCreateLinkRequest } from './connect-link-input.ts'
import { providerCallCost } from './cost.ts'
import { linkErrors } from './create-connect-link.ts'
import { ProviderKeyEnum } from './enums.ts'
import { ProviderSelectionType } from './provider-selection.ts'

interface PlanConnectLinkPayload {
  readonly selection: ProviderSelection
}

const PlanConnectLinkPayloadType = builder
  .objectRef<PlanConnectLinkPayload>('PlanConnectLinkPayload')
  .implement({
    description: 'The input is valid; this is where the link would be created now.',
    fields: (t) => ({
      selection: t.expose('selection', {
        type: ProviderSelectionType,
        description: 'The provider that would be chosen, and why.',
      }),
    }),
  })

builder.queryField('planConnectLink', (t) =>
  t.field({
    permission: 'links:write',
    complexity: providerCallCost,
    type: PlanConnectLinkPayloadType,
    description:
      'Validates the arguments of `createConnectLink` and returns where the link would be created. Creates nothing, sends nothing but catalogue reads to providers, and does not use the idempotency key.',
    args: {
      provider: t.arg({
        type: ProviderKeyEnum,
        description: 'The provider to create the link at. Default: selected by the gateway.',
      }),
      input: t.arg({
        type: CreateConnectLinkInput,
        required: true,
        description: 'What to connect, for whom, and how.',
      }),
    },
    errors: {
      types: [...linkErrors],
      union: {
        name: 'PlanConnectLinkResult',
        description: 'Where the link would be created, or the error that `createConnectLink` would return.',
      },
    },
    resolve: async (_, args, { connect, viewer }) => ({
      selection: await planLink(connect, viewer, toCreateLinkRequest(args)),
    }),
  }),
)
