import type { Appearance } from '../../domain/branding.ts'
import { type InputIssue, NotFoundError, UnsupportedError } from '../../domain/errors.ts'
import type { Direction } from '../../domain/statuses.ts'
import type { Tag } from '../../domain/tag.ts'
import type { Viewer } from '../../domain/viewer.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import type { ConnectionRow } from '../../store/schema.ts'
import { isEndUser } from '../authorization.ts'
import { fetchConfigSchemas } from '../catalogue/config-schemas.ts'
import { needsOthersCredentials } from '../catalogue/linkable.ts'
import type { ConnectContext } from '../context.ts'
import { sessionRestrictions } from '../session-limits.ts'
import { requireNotSuspended } from '../suspensions/suspensions.ts'
import { type ConnectLinkInput, optionsField, type ValidatedInput, validateInput } from './validate-input.ts'

/** A link to validate, with one provider. */
export interface LinkInput {
  readonly provider: ConfiguredProvider
  readonly input: ConnectLinkInput
  /** Issues that were found before; they are reported with the others. */
  readonly extraIssues?: readonly InputIssue[]
}

/** A link that can be created: its input is valid and its connector exists and is linkable. */
export interface ValidatedLink {
  readonly provider: ConfiguredProvider
  readonly input: ValidatedInput
  /** From the catalogue; `null`: not known. */
  readonly connectorName: string | null
  /** From the catalogue; `null`: none. */
  readonly connectionHint: string | null
  readonly direction: Direction
  /** The connection to reconnect; `null`: the link makes a new one. */
  readonly connection: ConnectionRow | null
  /** Those of the input, or those that the session gives to each link. */
  readonly tags: readonly Tag[]
  /** Of its pages. */
  readonly appearance: Appearance
}

/** Without those of the session in the input, calls of two sessions with the same idempotency key are the same. */
export const tagsOf = (viewer: Viewer, input: ValidatedInput): readonly Tag[] => viewer.linkTags ?? input.tags

/** Those of the input, else those of the session. Like the tags, those of the session are not part of the input. */
export const appearanceOf = ({ appearance }: Viewer, { locale, branding }: ValidatedInput): Appearance => ({
  locale: locale ?? appearance?.locale ?? null,
  branding: branding ?? appearance?.branding ?? null,
})

/**
 * Validates a link before anything is sent to its provider. Throws InvalidInputError with all issues, NotFoundError for an
 * unknown connector, UnsupportedError for one that takes no links or not in this direction.
 */
export async function validateLink(
  context: ConnectContext,
  viewer: Viewer,
  { provider, input, extraIssues = [] }: LinkInput,
): Promise<ValidatedLink> {
  await requireNotSuspended(context, provider)
  if (viewer.limits?.connectors && !context.catalogue.of([provider]).has(provider.key))
    await context.connectorSyncs.sync(provider)
  const { direction, issues } = await resolveDirection(context, provider, input)
  const optionIssues = await checkOptions(context, viewer, { provider, input })
  const validated = validateInput(input, {
    provider,
    viewer,
    redirectPolicy: context.redirectPolicy,
    defaultGuard: context.defaultGuard,
    extraIssues: [
      ...issues,
      ...sessionRestrictions(viewer, context, {
        provider: provider.key,
        connector: input.connector,
      }),
      ...credentialsIssues(context, viewer, { provider, input }),
      ...optionIssues,
      ...extraIssues,
    ],
  })
  const catalogue = context.catalogue.of([provider])
  const connector = catalogue.get(provider.key, validated.connector)
  if (catalogue.isAbsent(provider.key, validated.connector)) {
    throw new NotFoundError(`${provider.name} has no connector "${validated.connector}".`)
  }
  if (connector?.linkable === false) {
    throw new UnsupportedError(
      provider.key,
      `${provider.name} offers no connect link for "${validated.connector}".`,
    )
  }
  return {
    provider,
    input: validated,
    connectorName: connector?.name ?? null,
    connectionHint: connector?.connectionHint ?? null,
    direction,
    connection: null,
    tags: tagsOf(viewer, validated),
    appearance: appearanceOf(viewer, validated),
  }
}

/** A session cannot give the credentials that the connector needs: options are for API keys. */
function credentialsIssues(
  { catalogue }: ConnectContext,
  viewer: Viewer,
  { provider, input }: LinkInput,
): readonly InputIssue[] {
  const connector = catalogue.of([provider]).get(provider.key, input.connector)
  if (connector === undefined || !connector.linkable || !needsOthersCredentials(viewer, connector)) return []
  const path = ['input', optionsField(provider.key), connector.credentialsOption ?? '']
  const hint = connector.connectionHint ?? 'the credentials of the account to connect'
  return [{ path, message: `is required, and only an API key may give it: ${hint}` }]
}

/** Issues that the provider's adapter finds in its own options, given the connector's config schema. */
async function checkOptions(
  context: ConnectContext,
  viewer: Viewer,
  { provider, input }: LinkInput,
): Promise<readonly InputIssue[]> {
  const { checkOptions } = provider.adapter
  const options = input.options[provider.key]
  const connector = context.catalogue.of([provider]).get(provider.key, input.connector)
  // Options of a session are refused anyway: no schema needs to be fetched for them.
  if (checkOptions === undefined || options == null || !connector?.linkable || isEndUser(viewer)) return []
  const fetchSchema = async () => (await fetchConfigSchemas(context, [connector], [provider]))[0] ?? null
  const issues = await checkOptions(options, fetchSchema)
  return issues.map(({ path, message }) => ({ path: ['input', ...path], message }))
}

/**
 * The direction of the link. It must be given only for a connector that offers several; for a provider with several
 * directions this waits for the catalogue.
 */
async function resolveDirection(
  context: ConnectContext,
  provider: ConfiguredProvider,
  input: ConnectLinkInput,
): Promise<{ direction: Direction; issues: readonly InputIssue[] }> {
  const [standard, ...others] = provider.capabilities.directions
  const catalogue = context.catalogue.of([provider])
  if (others.length > 0 && input.direction == null && !catalogue.has(provider.key)) {
    await context.connectorSyncs.sync(provider)
  }
  const known = catalogue.get(provider.key, input.connector)
  const offered = known?.directions ?? provider.capabilities.directions
  const refuse = (message: string) => ({
    direction: standard,
    issues: [{ path: ['input', 'direction'], message: `${message}: ${offered.join(' or ')}` }],
  })
  if (input.direction == null) {
    const [only, ...rest] = offered
    // For a connector that does not exist NotFoundError is the better answer.
    const isAbsent = catalogue.isAbsent(provider.key, input.connector)
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
