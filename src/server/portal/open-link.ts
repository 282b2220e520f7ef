import { organizationOfViewer } from '../../connect/authorization.ts'
import { activeHandOver } from '../../connect/links/hand-over-state.ts'
import { gatewayUrl, linkUrl } from '../../connect/links/link-url.ts'
import { listConnectLinks } from '../../connect/links/list-links.ts'
import { applicationReturnUrl, returnTo } from '../../connect/links/return-url.ts'
import { sessionRestrictions } from '../../connect/session-limits.ts'
import { encodeGlobalId } from '../../graphql/ids.ts'
import { openStatuses } from '../../store/connect-links.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import type { ConnectRequest, CreatedPortalLink } from './changes.ts'
import type { PortalVisit } from './portal-context.ts'

const maxLinks = 100
/** A link that ends sooner is of no use: the end user has to sign in. */
const minRemainingMs = 120_000

/**
 * The link with which the end user has begun to connect the application in the portal, also in an earlier session: it returns
 * to this session's portal from now on. `null`: there is none that can be continued. Links that the application has made
 * itself stay as they are: they return to the application.
 */
export async function continueLink(
  visit: PortalVisit,
  request: ConnectRequest,
): Promise<CreatedPortalLink | null> {
  const { viewer, pages } = visit
  const { connect } = pages
  const filter = { statuses: openStatuses }
  const { rows } = await listConnectLinks(connect, viewer, { filter, page: { first: maxLinks, after: null } })
  for (const row of rows) {
    if (!isFor(visit, row, request) || (await activeHandOver(connect, row.id)) !== null) continue
    await returnTo(connect, row.id, request.returnTo)
    return { id: encodeGlobalId('ConnectLink', row.id), status: row.status, url: linkUrl(row, connect) }
  }
  return null
}

function isFor(
  visit: PortalVisit,
  link: ConnectLinkRow,
  { application, direction }: ConnectRequest,
): boolean {
  const { connect } = visit.pages
  const { purpose, heldUntil, expiresAt, tokenHash, provider, connectorKey } = link
  if (purpose !== 'CONNECT' || heldUntil !== null || tokenHash === null) return false
  if (expiresAt !== null && expiresAt.getTime() - connect.now().getTime() < minRemainingMs) return false
  if (direction !== null && link.direction !== direction) return false
  const catalogue = connect.catalogue.of(connect.providers.usedBy(organizationOfViewer(visit.viewer)))
  const connector = catalogue.get(provider, connectorKey)
  if (connector === undefined || catalogue.applicationOf(connector).slug !== application) return false
  if (sessionRestrictions(visit.viewer, connect, { provider, connector: connectorKey }).length > 0)
    return false
  const target = applicationReturnUrl(link, connect.encryption, false)
  return target?.startsWith(gatewayUrl(connect.publicUrl, 'portal/')) ?? false
}
