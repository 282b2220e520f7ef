import type { ProviderKey } from '../../domain/provider-key.ts'
import type { Viewer } from '../../domain/viewer.ts'
import type { ConnectContext } from '../context.ts'
import { createConnectLink, explainConnectLink } from './create-at-provider.ts'
import { createChosenLink, explainChoice } from './create-with-fallback.ts'
import type { ProviderSelection } from './rank-offers.ts'
import type { ConnectLinkInput } from './validate-input.ts'
import type { CreatedLink } from './warnings.ts'

/** A link as callers ask for it. */
export interface AskedLink {
  /** `null`: the gateway chooses, and the input's connector is the slug of an application. */
  readonly provider: ProviderKey | null
  readonly input: ConnectLinkInput
  /** `null`: none are named. */
  readonly preferProviders: readonly ProviderKey[] | null
  /** Say where the link would be made, and make nothing. */
  readonly dryRun: boolean
}

/** What a dry run found. */
export interface DryRun {
  readonly selection: ProviderSelection
}

/** Makes the link, or says where it would be made: with the provider that was named, or with the one that suits best. */
export async function askForLink(
  context: ConnectContext,
  viewer: Viewer,
  { asked, signal }: { readonly asked: AskedLink; readonly signal: AbortSignal },
): Promise<CreatedLink | DryRun> {
  const { provider: key, input, preferProviders, dryRun } = asked
  if (key === null) {
    const wanted = { input, preferProviders: preferProviders ?? [], signal }
    return dryRun
      ? { selection: await explainChoice(context, viewer, wanted) }
      : createChosenLink(context, viewer, wanted)
  }
  const moreIssues = preferProviders === null ? [] : [onlyWithoutProvider]
  const wanted = { provider: context.providers.demand(key), input, signal, moreIssues }
  return dryRun
    ? { selection: await explainConnectLink(context, viewer, wanted) }
    : createConnectLink(context, viewer, wanted)
}

const onlyWithoutProvider = {
  path: ['input', 'preferProviders'],
  message: 'is only for calls without a provider',
}
