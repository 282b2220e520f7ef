import type { ProviderSelection, RejectedProvider } from '../connect/create-link/rank-offers.ts'
import { builder } from './builder.ts'
import { ProviderKeyEnum } from './enums.ts'

const RejectedProviderType = builder.objectRef<RejectedProvider>('RejectedProvider').implement({
  description:
    'A provider that was not chosen for a link. A provider with several offers can appear several times.',
  fields: (t) => ({
    provider: t.expose('provider', {
      type: ProviderKeyEnum,
      description: 'The provider that was not chosen.',
    }),
    reason: t.exposeString('reason', { description: 'Why it was not chosen, for people.' }),
  }),
})

export const ProviderSelectionType = builder.objectRef<ProviderSelection>('ProviderSelection').implement({
  description: 'The provider that was chosen for a link, and why the others were not.',
  fields: (t) => ({
    chosen: t.expose('chosen', { type: ProviderKeyEnum, description: 'The chosen provider.' }),
    connectorKey: t.exposeString('connectorKey', {
      description: "The chosen provider's `Connector.key` for the application.",
    }),
    reason: t.exposeString('reason', { description: 'Why it was chosen, for people.' }),
    rejected: t.field({
      type: [RejectedProviderType],
      description: 'Providers that were tried before, would be tried next, or cannot make the link.',
      resolve: ({ rejected }) => [...rejected],
    }),
  }),
})
