import { categoriesOf, descriptionOf, logoOf } from '../connect/catalogue/application-details.ts'
import type { Application } from '../connect/catalogue/applications.ts'
import type { Connector } from '../connect/catalogue/connector.ts'
import { isLinkable } from '../connect/catalogue/linkable.ts'
import { bestOffer } from '../connect/create-link/best-offer.ts'
import { builder } from './builder.ts'
import { providerFor } from './context.ts'
import { DirectionEnum } from './enums.ts'
import { ProviderType } from './provider.ts'

const ConnectorOfferType = builder.objectRef<Connector>('ConnectorOffer').implement({
  description: "One provider's connector for an application.",
  fields: (t) => ({
    provider: t.field({
      type: ProviderType,
      description: 'The provider that offers the connector.',
      resolve: ({ provider }, _, context) => providerFor(context, provider),
    }),
    key: t.exposeString('key', { description: "The provider's own key: the `Connector.key`." }),
    name: t.exposeString('name', { description: "The provider's name of the connector." }),
    directions: t.field({
      type: [DirectionEnum],
      description: 'Directions the connector offers.',
      resolve: ({ directions }) => [...directions],
    }),
    linkable: t.boolean({
      description:
        'Whether the caller can create a connect link for the connector. In a session it is false if the limits of the session exclude the connector, or if it needs credentials, which only an API key may give.',
      resolve: (connector, _, { viewer, connect }) => isLinkable(viewer, connect, connector),
    }),
  }),
})

export const ApplicationType = builder.objectRef<Application>('Application')

builder.node(ApplicationType, {
  description:
    'An application such as "Google Analytics 4", whichever providers offer a connector for it. Connectors that are not certain to mean the same application are applications of their own.',
  id: { resolve: ({ slug }) => slug },
  fields: (t) => ({
    slug: t.exposeString('slug', {
      description:
        'URL-safe name: "google-analytics-4". Pass it as `connector` to `createConnectLink` without `provider`; dashes are optional there.',
    }),
    name: t.exposeString('name', { description: 'Display name.' }),
    description: t.string({
      nullable: true,
      description: 'The first description that an offer has; null if none has one.',
      resolve: descriptionOf,
    }),
    logoUrl: t.field({
      type: 'URL',
      nullable: true,
      description: 'URL of the first logo that an offer has; null if none has one.',
      resolve: logoOf,
    }),
    categories: t.stringList({
      description: 'The categories that the providers of the offers give them, each once.',
      resolve: (application) => [...categoriesOf(application)],
    }),
    linkable: t.boolean({
      description: 'Whether the caller can create a connect link for the application, by any of its offers.',
      resolve: ({ offers }, _, { viewer, connect }) =>
        offers.some((offer) => isLinkable(viewer, connect, offer)),
    }),
    bestOffer: t.field({
      type: ConnectorOfferType,
      nullable: true,
      description:
        'The offer that `createConnectLink` with this slug and without `provider` would select for this caller now; null if none is linkable. If it has several directions, `createConnectLink` needs `direction`.',
      args: {
        direction: t.arg({
          type: DirectionEnum,
          description: 'The direction of the link. Default: any; offers that need none come first.',
        }),
      },
      resolve: (application, { direction }, { viewer, connect }) =>
        bestOffer(connect, viewer, application, direction ?? null),
    }),
    offers: t.field({
      type: [ConnectorOfferType],
      description:
        'The connectors of all providers for the application, in the order of the providers; a provider can have several.',
      resolve: ({ offers }) => [...offers],
    }),
  }),
})
