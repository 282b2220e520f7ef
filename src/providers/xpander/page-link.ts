import { InvalidInputError, NotFoundError, UnsupportedError } from '../../domain/errors.ts'
import type { RequestContext } from '../../http/http-types.ts'
import type { LinkRequest, OptionIssue, RemoteLink } from '../adapter.ts'
import { idsOf } from '../rows.ts'
import { assertTrustedUrl, type TrustedHosts } from '../trusted-url.ts'
import { type ConnectorResponse, connectionsOf, toHint } from './catalogue.ts'
import type { Connectors } from './connectors.ts'
import { connectBody, type LinkOptions, toRemoteLink, uniqueName } from './new-connection.ts'

/** Dependencies of the functions that create links. */
export interface LinkDeps {
  readonly connectors: Connectors
  readonly hosts: TrustedHosts
  /** The connector's page on the platform; `null`: the platform's address is not known. */
  connectorPage(connectorKey: string): string | null
}

type Request = LinkRequest<LinkOptions>

/**
 * A link to the page on which a member of the organization connects the connector: with built-in OAuth the one that
 * xpander returns, otherwise the connector's own page. Nothing is sent for the latter: xpander would create a connection
 * without credentials, which cannot be deleted through the API.
 */
export async function createPageLink(
  deps: LinkDeps,
  request: Request,
  call: RequestContext,
): Promise<RemoteLink> {
  const { connectorKey, connectorName } = request
  const connector = await deps.connectors.find(connectorKey, connectorName, call)
  if (connector === null) throw new NotFoundError(`xpander has no connector "${connectorKey}".`)
  const { name, status, using_built_in_auth: hasBuiltInAuth } = connector
  if (status != null && status !== 'ready')
    throw new UnsupportedError('XPANDER', `xpander cannot connect "${name}" yet.`)
  if (!hasBuiltInAuth) return ownPageLink(deps, request, { connector, createdId: null })
  const result = await deps.connectors.connect({ key: connectorKey, name }, connectBody(request), call)
  // INFERRED from the prose of the reference: OAuth needs consent on a page, so that this connection cannot be used.
  if (result.kind === 'created') return ownPageLink(deps, request, { connector, createdId: result.id })
  return toRemoteLink(request, {
    url: trustedPage(deps, result.connector_page_url),
    text: result.message,
    providerState: { baseline: knownIds(connector), name: uniqueName(request), pendingId: result.id ?? null },
  })
}

/** `createdId`: a connection that this call has created, and that does not complete the link. */
function ownPageLink(
  deps: LinkDeps,
  request: Request,
  { connector, createdId }: { readonly connector: ConnectorResponse; readonly createdId: string | null },
): RemoteLink {
  const hint = toHint(connector.connection_hint) ?? request.connectionHint
  const url = deps.connectorPage(connector.id)
  if (url === null) throw missingCredentials(hint)
  const baseline = [...knownIds(connector), ...(createdId === null ? [] : [createdId])]
  return toRemoteLink(request, {
    url,
    text: hint,
    providerState: { baseline, name: uniqueName(request), pendingId: null },
    ignoredOptions: createdId === null ? optionsWithoutEffect(request.options) : [],
  })
}

const knownIds = (connector: ConnectorResponse) =>
  idsOf({ items: connectionsOf(connector), skipped: connector.connections?.skipped ?? [] })

/** Options of the connect call, which is not sent. */
const optionsWithoutEffect = (options: LinkOptions): readonly OptionIssue[] =>
  (['version', 'generalParams', 'targetSystemServers', 'isServiceAccount'] as const)
    .filter((field) => options[field] != null)
    .map((field) => ({
      path: ['xpander', field],
      message: "The connection is created on the connector's page, where it has to be set.",
    }))

export const trustedPage = ({ hosts }: LinkDeps, url: string): string => assertTrustedUrl(url, hosts)

/** The only field with credentials that is attested: SEEN in the reference of the connect call. */
const example = '{ authMethod: "apiKey", apiKey: "…", headerName: "…" }'

/** Without credentials there is no way to connect. */
export const missingCredentials = (hint: string | null) =>
  new InvalidInputError([
    {
      path: ['input', 'xpander', 'security'],
      message: `is required: ${hint ?? `the credentials of the account to connect, such as ${example}`}`,
    },
  ])
