import { createLinks } from '../connect/create-link/create-links.ts'
import type { CreatedLink } from '../connect/create-link/warnings.ts'
import { InvalidInputError } from '../domain/errors.ts'
import { ownerOfInput } from './audit-call.ts'
import { builder } from './builder.ts'
import { CreateConnectLinkInput, toCreateLinkRequest } from './connect-link-input.ts'
import { costPerInput } from './cost.ts'
import {
  CreateConnectLinkResultType,
  createdLink,
  isLinkError,
  type LinkError,
} from './create-connect-link.ts'
import { ProviderKeyEnum } from './enums.ts'
import { badInput } from './paging.ts'

const maxLinks = 100

const CreateConnectLinksInput = builder.inputType('CreateConnectLinksInput', {
  description: 'One of the links to create: the arguments of `createConnectLink`.',
  fields: (t) => ({
    provider: t.field({
      type: ProviderKeyEnum,
      description: 'The provider to create the link at. Default: selected by the gateway.',
    }),
    input: t.field({
      type: CreateConnectLinkInput,
      required: true,
      description: 'What to connect, for whom, and how.',
    }),
  }),
})

builder.mutationField('createConnectLinks', (t) =>
  t.field({
    permission: 'links:write',
    audit: ({ inputs }, payload, index) => ({
      ...ownerOfInput(inputs[index]?.input.endUser),
      targets: [createdLink(payload)],
    }),
    complexity: costPerInput,
    type: [CreateConnectLinkResultType],
    description:
      'Creates many connect links, each as `createConnectLink` does, with up to five concurrent calls per provider. Returns one result for each entry, in the order of `inputs`; a failing entry does not affect the others. Of two entries with the same idempotency key the first creates the link and the second replays it. An unexpected error fails the whole request after all entries have ended; with idempotency keys the request can be repeated safely.',
    args: {
      inputs: t.arg({
        type: [CreateConnectLinksInput],
        required: true,
        description: 'The links to create: 1 to 100 entries, of any provider.',
      }),
    },
    resolve: async (_, { inputs }, { connect, viewer, request: { signal } }) => {
      if (inputs.length < 1 || inputs.length > maxLinks) {
        throw badInput(`"inputs" must have between 1 and ${maxLinks} entries.`)
      }
      const requests = inputs.map(toCreateLinkRequest)
      return (await createLinks(connect, viewer, { requests, signal })).map(toResult)
    },
  }),
)

/** The payload or the typed error, its paths starting at `inputs`; rethrows every other error. */
function toResult(settled: PromiseSettledResult<CreatedLink>, index: number): CreatedLink | LinkError {
  const atIndex = <Part extends { readonly path: readonly string[] }>(part: Part) => ({
    ...part,
    path: ['inputs', String(index), ...part.path],
  })
  if (settled.status === 'fulfilled') {
    const { value } = settled
    return { ...value, warnings: value.warnings.map(atIndex) }
  }
  const error: unknown = settled.reason
  if (error instanceof InvalidInputError) return new InvalidInputError(error.issues.map(atIndex))
  if (isLinkError(error)) return error
  throw error
}
