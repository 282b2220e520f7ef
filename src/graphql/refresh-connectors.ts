import { refreshConnectors } from '../connect/catalogue/refresh-connectors.ts'
import type { SourceState } from '../connect/sync-scheduler.ts'
import { UnsupportedError } from '../domain/errors.ts'
import { builder } from './builder.ts'
import { ProviderKeyEnum } from './enums.ts'
import { SourceStateType } from './paging.ts'

interface RefreshConnectorsPayload {
  readonly sources: readonly SourceState[]
}

const RefreshConnectorsPayloadType = builder
  .objectRef<RefreshConnectorsPayload>('RefreshConnectorsPayload')
  .implement({
    description: 'The catalogues were read, or are being read.',
    fields: (t) => ({
      sources: t.field({
        type: [SourceStateType],
        description:
          'How each stands after a moment of waiting; `syncedAt` tells whether the reading has ended. The old catalogue is served until then, and when it fails.',
        resolve: ({ sources }) => [...sources],
      }),
    }),
  })

builder.mutationField('refreshConnectors', (t) =>
  t.field({
    type: RefreshConnectorsPayloadType,
    description:
      'Reads catalogues from their providers now, instead of once a day. For API keys only: to others a GraphQL error with code FORBIDDEN.',
    args: {
      providers: t.arg({
        type: [ProviderKeyEnum],
        description: 'Whose; all that are configured when left out.',
      }),
    },
    errors: {
      types: [UnsupportedError],
      union: {
        name: 'RefreshConnectorsResult',
        description: 'How the catalogues stand, or why they cannot be read.',
      },
    },
    resolve: async (_, { providers }, { connect, viewer }) => ({
      sources: await refreshConnectors(connect, viewer, providers ?? null),
    }),
  }),
)
