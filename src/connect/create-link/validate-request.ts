import { type InputIssue, NotFoundError, UnsupportedError } from '../../domain/errors.ts'
import type { Direction } from '../../domain/statuses.ts'
import type { Viewer } from '../../domain/viewer.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import type { ConnectionRow } from '../../store/schema.ts'
import { limitIssues } from '../authorization.ts'
import { inputsOf } from '../catalogue/config-schemas.ts'
import type { ConnectContext } from '../context.ts'
import { type CheckedInput, type ConnectLinkInput, checkConnectLinkInput } from './validate-input.ts'

/** What a caller asks for. */
export interface WantedLink {
  readonly provider: ConfiguredProvider
  readonly input: ConnectLinkInput
  readonly signal: AbortSignal
  /** What else is wrong with the call. */
  readonly moreIssues?: readonly InputIssue[]
}

/** The same, checked and complete. */
export interface LinkPlan {
  readonly input: CheckedInput
  readonly connectorName: string | null
  readonly direction: Direction
  /** The one to renew; `null`: a new one is to be made. */
  readonly connection: ConnectionRow | null
}

/** Finds all that is wrong with what is asked for, before anything is sent. */
export async function planLink(
  context: ConnectContext,
  viewer: Viewer,
  { provider, input, moreIssues = [] }: WantedLink,
): Promise<LinkPlan> {
  const { direction, issues } = await chooseDirection(context, provider, input)
  const optionIssues = await checkOptions(context, viewer, { provider, input })
  const checked = checkConnectLinkInput(input, {
    provider,
    viewer,
    redirects: context.redirects,
    moreIssues: [
      ...issues,
      ...limitIssues(viewer, { provider: provider.key, connector: input.connector }),
      ...optionIssues,
      ...moreIssues,
    ],
  })
  const connector = context.catalogue.get(provider.key, checked.connector)
  if (connector === undefined && context.catalogue.has(provider.key)) {
    throw new NotFoundError(`${provider.name} has no connector "${checked.connector}".`)
  }
  if (connector?.linkable === false) {
    throw new UnsupportedError(
      provider.key,
      `${provider.name} offers no connect link for "${checked.connector}".`,
    )
  }
  return { input: checked, connectorName: connector?.name ?? null, direction, connection: null }
}

/** What the provider has against its own block, once it knows what the connector wants to be told. */
async function checkOptions(
  context: ConnectContext,
  viewer: Viewer,
  { provider, input }: Pick<WantedLink, 'provider' | 'input'>,
): Promise<readonly InputIssue[]> {
  const { checkOptions } = provider.adapter
  const options = input.options[provider.key]
  const connector = context.catalogue.get(provider.key, input.connector)
  // The block of somebody who may not give one is refused as it is: nothing needs to be read for it.
  if (checkOptions === undefined || options == null || !connector?.linkable || viewer.kind === 'END_USER')
    return []
  const issues = await checkOptions(options, async () => (await inputsOf(context, [connector]))[0] ?? null)
  return issues.map(({ path, message }) => ({ path: ['input', ...path], message }))
}

/** Only a connector that offers more than one direction needs to be told which; for those the catalogue is waited for. */
async function chooseDirection(
  context: ConnectContext,
  provider: ConfiguredProvider,
  input: ConnectLinkInput,
): Promise<{ direction: Direction; issues: readonly InputIssue[] }> {
  const [standard, ...others] = provider.capabilities.directions
  if (others.length > 0 && input.direction == null && !context.catalogue.has(provider.key)) {
    await context.connectorSyncs.sync(provider)
  }
  const known = context.catalogue.get(provider.key, input.connector)
  const offered = known?.directions ?? provider.capabilities.directions
  const refuse = (message: string) => ({
    direction: standard,
    issues: [{ path: ['input', 'direction'], message: `${message}: ${offered.join(' or ')}` }],
  })
  if (input.direction == null) {
    const [only, ...rest] = offered
    // A connector that does not exist needs no direction; that is said in its place.
    const isAbsent = known === undefined && context.catalogue.has(provider.key)
    if (rest.length > 0 && !isAbsent) return refuse('is required for this connector')
    return { direction: only ?? standard, issues: [] }
  }
  if (!provider.capabilities.directions.includes(input.direction)) {
    throw new UnsupportedError(
      provider.key,
      `${provider.name} makes no links of direction ${input.direction}.`,
    )
  }
  return offered.includes(input.direction)
    ? { direction: input.direction, issues: [] }
    : refuse('is not offered by this connector')
}
