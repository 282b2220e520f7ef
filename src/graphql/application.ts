import type { Application } from '../connect/catalogue/applications.ts'
import type { Connector } from '../connect/catalogue/connector.ts'
import { builder } from './builder.ts'
import { DirectionEnum } from './enums.ts'
import { ProviderType } from './provider.ts'

const ConnectorOfferType = builder.objectRef<Connector>('ConnectorOffer').implement({
  description: "One provider's way to connect an application.",
  fields: (t) => ({
    provider: t.field({
      type: ProviderType,
      description: 'Who offers it.',
      resolve: ({ provider }, _, { connect }) => connect.providers.get(provider),
    }),
    key: t.exposeString('key', { description: "The provider's own key of the connector." }),
    name: t.exposeString('name', { description: "The provider's name of it." }),
    directions: t.field({
      type: [DirectionEnum],
      description: 'Directions it offers.',
      resolve: ({ directions }) => [...directions],
    }),
    linkable: t.exposeBoolean('linkable', { description: 'Whether a connect link can be made for it.' }),
  }),
})

export const ApplicationType = builder.objectRef<Application>('Application').implement({
  description:
    'What people mean by a name, such as "Google Analytics 4", whichever providers offer it. Where it is doubtful that two offers mean the same, each is an application of its own.',
  fields: (t) => ({
    slug: t.exposeString('slug', {
      description:
        'Its name in addresses and arguments: "google-analytics-4". With or without dashes it means the same.',
    }),
    name: t.exposeString('name', { description: 'Its name for people.' }),
    offers: t.field({
      type: [ConnectorOfferType],
      description: 'All ways to connect it, in the order of the providers; one provider may have several.',
      resolve: ({ offers }) => [...offers],
    }),
  }),
})
