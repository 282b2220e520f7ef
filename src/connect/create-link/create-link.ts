import type { ProviderKey } from '../../domain/provider-key.ts'
import type { Viewer } from '../../domain/viewer.ts'
import { organizationFor } from '../authorization.ts'
import type { ConnectContext } from '../context.ts'
import { createAtProvider } from './create-at-provider.ts'
import { createWithFallback } from './create-with-fallback.ts'
import { checkOpenLinkLimit } from './open-link-limit.ts'
import type { ProviderSelection } from './rank-offers.ts'
import { findExisting } from './reuse-existing.ts'
import { findCandidates, selectionOf } from './select-provider.ts'
import type { ConnectLinkInput } from './validate-input.ts'
import { type ValidatedLink, validateLink } from './validate-link.ts'
import type { CreatedLink } from './warnings.ts'

/** The arguments of `createConnectLink`. */
export interface CreateLinkRequest {
  /** `null`: the gateway selects one, and the input's connector is the slug of an application. */
  readonly provider: ProviderKey | null
  readonly input: ConnectLinkInput
  /** Providers to prefer when the gateway selects one, best first; `null`: not given. */
  readonly preferProviders: readonly ProviderKey[] | null
}

/** Creates a connect link at the given provider, or at the one that the gateway selects. */
export function createLink(
  context: ConnectContext,
  viewer: Viewer,
  { request, signal }: { readonly request: CreateLinkRequest; readonly signal: AbortSignal },
): Promise<CreatedLink> {
  const { provider, input, preferProviders } = request
  return provider === null
    ? createWithFallback(context, viewer, { input, preferProviders: preferProviders ?? [], signal })
    : createAtProvider(context, viewer, {
        provider: context.providers.getConfigured(provider, organizationFor(viewer, input)),
        input,
        signal,
        extraIssues: issuesOfNamedProvider(request),
      })
}

/** Where `createLink` would create the link, after the same validation; nothing is created. */
export async function planLink(
  context: ConnectContext,
  viewer: Viewer,
  request: CreateLinkRequest,
): Promise<ProviderSelection> {
  const { provider: key, input, preferProviders } = request
  if (key === null) {
    const found = await findCandidates(context, viewer, { input, preferProviders: preferProviders ?? [] })
    await checkPlan(context, found.first.link)
    return selectionOf(found, found.first, { failed: [], isRepeated: false })
  }
  const provider = context.providers.getConfigured(key, organizationFor(viewer, input))
  const link = await validateLink(context, viewer, {
    provider,
    input,
    extraIssues: issuesOfNamedProvider(request),
  })
  await checkPlan(context, link)
  return {
    chosen: key,
    connectorKey: link.input.connector,
    reason: 'The caller named it.',
    rejected: [],
  }
}

/** An existing connection is used instead of a new open link. */
async function checkPlan(context: ConnectContext, link: ValidatedLink): Promise<void> {
  if ((await findExisting(context, link)) === undefined) await checkOpenLinkLimit(context, link)
}

const issuesOfNamedProvider = ({ preferProviders }: CreateLinkRequest) =>
  preferProviders === null
    ? []
    : [{ path: ['input', 'preferProviders'], message: 'is only for calls without a provider' }]
