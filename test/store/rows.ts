import { randomUUID } from 'node:crypto'
import type { RemoteConnection } from '../../src/providers/adapter.ts'
import { insertLink } from '../../src/store/connect-links.ts'
import type { Database } from '../../src/store/database.ts'
import { insertHandOver } from '../../src/store/hand-overs.ts'
import type { ConnectionRow, ConnectLinkRow } from '../../src/store/schema.ts'
import { upsertConnections } from '../../src/store/upsert-connections.ts'

export const accountKey = 'FIVETRAN|sandbox|v1|sandbox_group'
export const startedAt = new Date('2026-11-22T08:00:00.000Z')
export const later = (seconds: number) => new Date(startedAt.getTime() + seconds * 1000)
export const origin = (now = startedAt) => ({ provider: 'FIVETRAN', accountKey, now }) as const
export const ada = { id: 'user-1', name: 'Ada', email: 'ada@example.com', organization: null }
/** Ownership of a connection that ada's link has made. */
export const ownedByAda = {
  endUser: ada,
  ownedBy: 'PERSON',
  evidence: 'LINK',
  tags: [],
  visible: true,
} as const

/** The owner of a connection that ada has made for her organization. */
export const ownedByAcme = {
  endUser: { ...ada, organization: { id: 'acme', name: 'Acme' } },
  ownedBy: 'ORGANIZATION',
} as const

/** A connection as a provider returns it. */
export const remote = (changes: Partial<RemoteConnection> = {}): RemoteConnection => ({
  remoteId: 'remote-1',
  direction: 'SOURCE',
  connectorKey: 'hubspot',
  name: 'HubSpot',
  status: 'ACTIVE',
  health: 'OK',
  healthMessage: null,
  remoteGroup: null,
  endUserId: null,
  externalAccount: null,
  createdAt: startedAt,
  ...changes,
})

/** Saves one connection and returns its row. */
export async function saveOne(
  db: Database,
  changes: Partial<RemoteConnection> = {},
  from: Parameters<typeof upsertConnections>[1] = origin(),
): Promise<ConnectionRow> {
  const [row] = await upsertConnections(db, from, [remote(changes)])
  if (row === undefined) throw new Error('nothing was saved')
  return row
}

/** Inserts an open link with its first transition. */
export async function addLink(db: Database, changes: Partial<ConnectLinkRow> = {}): Promise<ConnectLinkRow> {
  const link: ConnectLinkRow = {
    id: randomUUID(),
    provider: 'FIVETRAN',
    accountKey,
    connectorKey: 'hubspot',
    direction: 'SOURCE',
    purpose: 'CONNECT',
    status: 'CREATED',
    tokenHash: randomUUID(),
    tokenEncrypted: null,
    providerUrlEncrypted: null,
    expiresAt: null,
    expirySource: 'NONE',
    embeddable: false,
    requiresProviderLogin: false,
    instructions: null,
    endUserId: ada.id,
    endUserName: null,
    endUserEmail: null,
    organizationId: null,
    organizationName: null,
    owner: 'PERSON',
    remoteLinkId: null,
    remoteGroup: null,
    remoteConnectionId: null,
    providerState: null,
    connectionId: null,
    tags: [],
    createdAt: startedAt,
    returnTokenHash: null,
    webhookTokenHash: null,
    redirectUriEncrypted: null,
    errorRedirectUriEncrypted: null,
    openedAt: null,
    returnedAt: null,
    statusChangedAt: startedAt,
    revokedAtProvider: null,
    watchUntil: null,
    checkedAt: null,
    nextCheckAt: startedAt,
    polledAt: null,
    checkLockExpiresAt: null,
    leasedBy: null,
    guard: 'NONE',
    codeChallenge: null,
    claimHash: null,
    claimExpiresAt: null,
    heldUntil: null,
    confirmationHash: null,
    confirmationAttempts: 0,
    removalDueAt: null,
    ...changes,
  }
  const transition = { fromStatus: null, toStatus: link.status, at: startedAt, reason: null }
  await insertLink(db, link, { ...transition, source: 'API_CALL' })
  return link
}

/** Inserts `count` open links and returns their IDs. */
export async function addLinks(db: Database, count: number): Promise<readonly string[]> {
  const ids: string[] = []
  while (ids.length < count) ids.push((await addLink(db)).id)
  return ids
}

/** Inserts an active hand-over of a link. */
export function addHandOver(db: Database, linkId: string): Promise<void> {
  return insertHandOver(db, {
    linkId,
    number: 1,
    tokenHash: randomUUID(),
    tokenEncrypted: 'v1',
    browserHash: null,
    requesterName: null,
    message: null,
    createdAt: startedAt,
    expiresAt: null,
    openedAt: null,
    endedAt: null,
    endReason: null,
    declineReason: null,
  })
}
