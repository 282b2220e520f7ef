import { findApplication, listApplications } from '../connect/catalogue/list-applications.ts'
import { ApplicationType } from './application.ts'
import { builder } from './builder.ts'
import { searchDescription } from './connectors.ts'
import { pageEntriesCost } from './cost.ts'
import { afterArg, firstArg, ProviderSyncStatusType, pageSize } from './paging.ts'
import { readCursor, toRankedPage } from './ranked-page.ts'

const ApplicationConnectionType = builder.connectionObject(
  {
    type: ApplicationType,
    name: 'ApplicationConnection',
    description: 'A page of applications.',
    fields: (t) => ({
      totalCount: t.int({
        description: 'How many applications match.',
        // The catalogue is in memory: it is always counted.
        resolve: async ({ count }) => (await count()) ?? 0,
      }),
      syncStatus: t.field({
        type: [ProviderSyncStatusType],
        complexity: pageEntriesCost,
        description: "How fresh each provider's part of the catalogue is.",
        resolve: ({ syncStatus }) => [...syncStatus],
      }),
    }),
  },
  { name: 'ApplicationEdge', description: 'An application in a page.' },
)

builder.queryFields((t) => ({
  applications: t.field({
    permission: 'catalogue:read',
    type: ApplicationConnectionType,
    description:
      'The applications that the catalogues of all providers have connectors for, each once, ordered by name; with `search` the best matches first.',
    args: {
      search: t.arg.string({ description: searchDescription }),
      category: t.arg.string({
        description:
          'Only applications with an offer of this category, one of `Application.categories`; case and punctuation do not matter. Default: any.',
      }),
      linkableOnly: t.arg.boolean({
        defaultValue: false,
        description: 'Only applications that the caller can create a connect link for. Default: all.',
      }),
      first: firstArg(t),
      after: afterArg(t),
    },
    resolve: async (_, { first, after, ...query }, { connect, viewer }) => {
      const size = pageSize(first)
      const list = await listApplications(connect, viewer, { query, after: readCursor(after) })
      return toRankedPage(list, ({ application }) => application, { size, after })
    },
  }),
  application: t.field({
    permission: 'catalogue:read',
    type: ApplicationType,
    nullable: true,
    description: 'An application by its slug; null if no provider offers it.',
    args: {
      slug: t.arg.string({
        required: true,
        description: 'The `Application.slug`; dashes are optional.',
      }),
    },
    resolve: (_, { slug }, { connect, viewer }) => findApplication(connect, viewer, slug),
  }),
}))
