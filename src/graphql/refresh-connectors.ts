import { refreshConnectors } from '../connect/catalogue/refresh-connectors.ts'
import type { ProviderSyncStatus } from '../connect/sync-scheduler.ts'
import { UnsupportedError } from '../domain/errors.ts'
import { builder } from './builder.ts'
import { providerCallCost } from './cost.ts'
import { ProviderKeyEnum } from './enums.ts'
import { ProviderSyncStatusType } from './paging.ts'

interface RefreshConnectorsPayload {
  readonly syncStatus: readonly ProviderSyncStatus[]
}

const RefreshConnectorsPayloadType = builder
  .objectRef<RefreshConnectorsPayload>('RefreshConnectorsPayload')
  .implement({
    description: 'The catalogues were synced, or a sync is in progress.',
    fields: (t) => ({
      syncStatus: t.field({
        type: [ProviderSyncStatusType],
        description:
          'Sync status of each catalogue after waiting up to 5 s; `syncedAt` tells whether the sync has finished. The previous catalogue is served until then, and if the sync fails.',
        resolve: ({ syncStatus }) => [...syncStatus],
      }),
    }),
  })

builder.mutationField('refreshConnectors', (t) =>
  t.field({
    permission: 'catalogue:refresh',
    audit: ({ providers }) => ({ targets: (providers ?? []).map((id) => ({ type: 'Provider', id })) }),
    complexity: providerCallCost,
    type: RefreshConnectorsPayloadType,
    description:
      'Syncs catalogues from their providers now instead of once a day. For API keys only; a session gets a GraphQL error with code FORBIDDEN.',
    args: {
      providers: t.arg({
        type: [ProviderKeyEnum],
        description: 'Providers whose catalogues to sync. Default: all that are configured.',
      }),
    },
    errors: {
      types: [UnsupportedError],
      union: {
        name: 'RefreshConnectorsResult',
        description: 'The sync status of the catalogues, or why they cannot be synced.',
      },
    },
    resolve: async (_, { providers }, { connect }) => ({
      syncStatus: await refreshConnectors(connect, providers ?? null),
    }),
  }),
)
