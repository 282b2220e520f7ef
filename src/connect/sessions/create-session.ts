import { z } from 'zod'
import { type InputIssue, InvalidInputError } from '../../domain/errors.ts'
import { allSessionGrants, type SessionGrant } from '../../domain/permissions.ts'
import { type ProviderKey, providerKeys } from '../../domain/provider-key.ts'
import type { Tag } from '../../domain/tag.ts'
import { type OrganizationAccess, organizationAccesses } from '../../domain/viewer.ts'
import { type BrandingInput, brandingSchema, localeSchema } from '../appearance-schemas.ts'
import type { ConnectContext } from '../context.ts'
import { allowedUriProblem, type RedirectPolicy, redirectUriProblem } from '../create-link/redirect-uri.ts'
import { connectorKeySchema, endUserSchema, organizationSchema, tagsSchema } from '../input-schemas.ts'
import { maxSessionSeconds } from './revocations.ts'
import type { Session } from './session-tokens.ts'

type Maybe<T> = T | null | undefined

/** `CreateSessionInput` as GraphQL delivers it: the types are right, nothing else is checked. */
export interface SessionInput {
  readonly endUser: z.input<typeof endUserSchema>
  readonly organization?: Maybe<z.input<typeof organizationSchema>>
  readonly organizationAccess?: Maybe<OrganizationAccess>
  readonly expiresInSeconds?: Maybe<number>
  readonly permissions?: Maybe<readonly SessionGrant[]>
  readonly connectors?: Maybe<readonly string[]>
  readonly providers?: Maybe<readonly ProviderKey[]>
  readonly redirectUris?: Maybe<readonly string[]>
  readonly tags?: Maybe<readonly Tag[]>
  readonly returnUrl?: Maybe<string>
  readonly locale?: Maybe<string>
  readonly branding?: Maybe<BrandingInput>
}

const maxConnectors = 100
const maxRedirectUris = 50
const maxConnectorBytes = 4_000
/** The token is sent in a header, and proxies limit all headers together to about 8,000 bytes. */
const maxTokenBytes = 6_000

const distinct = <Entry>(list: Maybe<readonly Entry[]>) => (list == null ? null : [...new Set(list)])

const allowList = <Entry extends z.ZodType>(entry: Entry, max: number) =>
  z
    .array(entry)
    .min(1, 'must not be empty: leave it out to allow all')
    .max(max, `must have at most ${max} entries`)

const fields = z.object({
  endUser: endUserSchema,
  organization: organizationSchema.nullish(),
  organizationAccess: z.enum(organizationAccesses).nullish(),
  expiresInSeconds: z
    .number()
    .refine(
      (seconds) => seconds >= 1 && seconds <= maxSessionSeconds,
      `must be between 1 and ${maxSessionSeconds}`,
    )
    .nullish(),
  permissions: allowList(z.enum(allSessionGrants), maxConnectors).nullish(),
  connectors: allowList(connectorKeySchema, maxConnectors)
    .refine(
      (keys) => Buffer.byteLength(keys.join()) <= maxConnectorBytes,
      `must have at most ${maxConnectorBytes} bytes together`,
    )
    .nullish(),
  providers: allowList(z.enum(providerKeys), maxConnectors).nullish(),
  redirectUris: allowList(z.string(), maxRedirectUris).nullish(),
  tags: tagsSchema.nullish(),
  locale: localeSchema.nullish(),
  branding: brandingSchema.nullish(),
})

const inputSchema = fields
  .refine(
    ({ endUser, organization }) =>
      organization == null || endUser.organization === null || endUser.organization.id === organization.id,
    { path: ['organization', 'id'], message: 'is not the organization of the end user' },
  )
  .refine(
    ({ endUser, organization, organizationAccess }) =>
      organizationAccess == null || (organization ?? endUser.organization) !== null,
    { path: ['organizationAccess'], message: 'needs an organization' },
  )

/** Creates a session for one end user's frontend; throws InvalidInputError with all issues. */
export async function createSession(
  { sessions, redirectPolicy }: Pick<ConnectContext, 'sessions' | 'redirectPolicy'>,
  input: SessionInput,
): Promise<Session> {
  const parsed = inputSchema.safeParse(input)
  const issues = [
    ...(parsed.error?.issues ?? []).map(({ path, message }) => issueAt(path.map(String), message)),
    ...(input.redirectUris ?? []).slice(0, maxRedirectUris).flatMap((entry, index) => {
      const problem = allowedUriProblem(entry, redirectPolicy)
      return problem === null ? [] : [issueAt(['redirectUris', String(index)], problem)]
    }),
    ...returnUrlIssues(input.returnUrl, redirectPolicy),
  ]
  if (!parsed.success || issues.length > 0) throw new InvalidInputError(issues)
  const {
    endUser,
    organization,
    organizationAccess,
    expiresInSeconds,
    permissions,
    connectors,
    providers,
    redirectUris,
    tags,
    locale,
    branding,
  } = parsed.data
  const session = await sessions.issue({
    endUser: { ...endUser, organization: organization ?? endUser.organization },
    organizationAccess: organizationAccess ?? null,
    expiresInSeconds: expiresInSeconds ?? null,
    grants: distinct(permissions),
    limits: {
      connectors: distinct(connectors),
      providers: distinct(providers),
      redirectUris: distinct(redirectUris),
    },
    tags: tags ?? [],
    returnUrl: input.returnUrl ?? null,
    appearance: { locale: locale ?? null, branding: branding ?? null },
  })
  const { length } = session.token
  if (length <= maxTokenBytes) return session
  const message = `gives a token of ${length} bytes, and at most ${maxTokenBytes} fit into a header: shorten its lists and texts`
  throw new InvalidInputError([issueAt([], message)])
}

/** Of an API key, which may redirect to every address that the settings allow. */
function returnUrlIssues(returnUrl: Maybe<string>, policy: RedirectPolicy): readonly InputIssue[] {
  const problem = returnUrl == null ? null : redirectUriProblem(returnUrl, policy)
  return problem === null ? [] : [issueAt(['returnUrl'], problem)]
}

const issueAt = (path: readonly string[], message: string): InputIssue => ({
  path: ['input', ...path],
  message,
})
