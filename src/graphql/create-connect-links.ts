import type { DryRun } from '../connect/create-link/create-link.ts'
import { createConnectLinks } from '../connect/create-link/create-links.ts'
import type { CreatedLink } from '../connect/create-link/warnings.ts'
import { InvalidInputError } from '../domain/errors.ts'
import { builder } from './builder.ts'
import { CreateConnectLinkResultType, isLinkError, type LinkError } from './create-connect-link.ts'
import { ProviderKeyEnum } from './enums.ts'
import { CreateConnectLinkInput, toAskedLink } from './link-input.ts'
import { badInput } from './paging.ts'

const maxLinks = 100

const CreateConnectLinksInput = builder.inputType('CreateConnectLinksInput', {
  description: 'One of many links that are asked for together: the arguments of `createConnectLink`.',
  fields: (t) => ({
    provider: t.field({
      type: ProviderKeyEnum,
      description: 'With which provider; chosen by the gateway where it is left out.',
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
    type: [CreateConnectLinkResultType],
    description:
      'Makes many connect links, each as `createConnectLink` does, a few at a time with each provider. One result each, in the order of `inputs`; one that fails leaves the others alone. Of two with the same idempotency key the first makes the link and the second is replayed. An error that no result can hold is an error of the whole request once all have ended, and says nothing of the other links: with idempotency keys the same request can be sent again.',
    args: {
      inputs: t.arg({
        type: [CreateConnectLinksInput],
        required: true,
        description: 'Which links: 1 to 100, of any provider.',
      }),
    },
    resolve: async (_, { inputs }, { connect, viewer, signal }) => {
      if (inputs.length < 1 || inputs.length > maxLinks) {
        throw badInput(`"inputs" must have between 1 and ${maxLinks} entries.`)
      }
      const ended = await createConnectLinks(connect, viewer, { entries: inputs.map(toAskedLink), signal })
      return ended.map(toResult)
    },
  }),
)

/** The answer or the typed error, its paths starting at `inputs`; anything else is not for a result. */
function toResult(
  ended: PromiseSettledResult<CreatedLink | DryRun>,
  index: number,
): CreatedLink | DryRun | LinkError {
  const placed = <Part extends { readonly path: readonly string[] }>(part: Part) => ({
    ...part,
    path: ['inputs', String(index), ...part.path],
  })
  if (ended.status === 'fulfilled') {
    const { value } = ended
    return 'warnings' in value ? { ...value, warnings: value.warnings.map(placed) } : value
  }
  if (ended.reason instanceof InvalidInputError) return new InvalidInputError(ended.reason.issues.map(placed))
  if (isLinkError(ended.reason)) return ended.reason
  throw ended.reason
}
