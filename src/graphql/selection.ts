import type { DryRun } from '../connect/create-link/create-link.ts'
import type { ProviderSelection, RejectedProvider } from '../connect/create-link/rank-offers.ts'
import { builder } from './builder.ts'
import { ProviderKeyEnum } from './enums.ts'

const RejectedProviderType = builder.objectRef<RejectedProvider>('RejectedProvider').implement({
  description: 'A provider that was not taken; one with several offers may stand here several times.',
  fields: (t) => ({
    provider: t.expose('provider', { type: ProviderKeyEnum, description: 'Which one.' }),
    reason: t.exposeString('reason', { description: 'Why not, for people.' }),
  }),
})

export const ProviderSelectionType = builder.objectRef<ProviderSelection>('ProviderSelection').implement({
  description: 'Which provider the link goes to, and why not to another one.',
  fields: (t) => ({
    chosen: t.expose('chosen', { type: ProviderKeyEnum, description: 'The provider.' }),
    connectorKey: t.exposeString('connectorKey', { description: "The provider's own key of its offer." }),
    reason: t.exposeString('reason', { description: 'Why this one, for people.' }),
    rejected: t.field({
      type: [RejectedProviderType],
      description: 'Those that were tried before it, that come after it, and that cannot make the link.',
      resolve: ({ rejected }) => [...rejected],
    }),
  }),
})

export const ConnectLinkDryRunType = builder.objectRef<DryRun>('ConnectLinkDryRun').implement({
  description:
    'What `dryRun` answers: nothing was made, and no provider was asked for anything but its catalogue.',
  fields: (t) => ({
    selection: t.expose('selection', {
      type: ProviderSelectionType,
      // A document that asks for it here and in the payload is refused where the two differ in nullability.
      nullable: true,
      description: 'Where the link would be made now. Always there; nullable as in CreateConnectLinkPayload.',
    }),
  }),
})
