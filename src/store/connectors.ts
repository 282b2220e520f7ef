import type { ProviderKey } from '../domain/provider-key.ts'
import type { WebhookData } from '../domain/webhook-events.ts'
import type { RemoteConnector } from '../providers/adapter.ts'
import { advisoryLock, type Database } from './database.ts'
import type { ConnectorRow } from './schema.ts'
import { queueWebhook } from './webhook-messages.ts'

export async function loadConnectors(db: Database, accountKey: string): Promise<readonly RemoteConnector[]> {
  const rows = await db.selectFrom('connectors').selectAll().where('accountKey', '=', accountKey).execute()
  return rows.map(toConnector)
}

/** How many connectors of an account the last sync has stored. */
export async function countConnectors(db: Database, accountKey: string): Promise<number> {
  const { count } = await db
    .selectFrom('connectors')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('accountKey', '=', accountKey)
    .executeTakeFirstOrThrow()
  return Number(count)
}

const rowsPerStatement = 500

/** Numbers of connectors. */
export type CatalogueChanges = Required<Pick<WebhookData, 'added' | 'changed' | 'removed'>>

/** Replaces all connectors of an account in one transaction: readers see either the old set or the new one. */
export async function replaceConnectors(
  db: Database,
  catalogue: {
    readonly provider: ProviderKey
    readonly accountKey: string
    readonly connectors: readonly RemoteConnector[]
    /** What has changed since the last sync; `null`: nothing, or it is the first one. */
    readonly changes: CatalogueChanges | null
    readonly at: Date
  },
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    // Serializes the gateways on one database: concurrent replacements would insert the same keys.
    await advisoryLock(transaction, `connectors ${catalogue.accountKey}`)
    await transaction.deleteFrom('connectors').where('accountKey', '=', catalogue.accountKey).execute()
    for (let start = 0; start < catalogue.connectors.length; start += rowsPerStatement) {
      const rows = catalogue.connectors.slice(start, start + rowsPerStatement).map((connector) => ({
        accountKey: catalogue.accountKey,
        provider: catalogue.provider,
        key: connector.key,
        name: connector.name,
        description: connector.description,
        logoUrl: connector.logoUrl,
        docsUrl: connector.docsUrl,
        categories: JSON.stringify(connector.categories),
        directions: JSON.stringify(connector.directions),
        auth: connector.auth,
        linkable: connector.linkable,
        connectionHint: connector.connectionHint,
        credentialsOption: connector.credentialsOption,
        configSchema: connector.configSchema && JSON.stringify(connector.configSchema),
      }))
      await transaction.insertInto('connectors').values(rows).execute()
    }
    if (catalogue.changes === null) return
    const data = { provider: catalogue.provider, ...catalogue.changes }
    const subject = `catalogue ${catalogue.accountKey}`
    await queueWebhook(transaction, { type: 'catalogue.changed', subject, data, createdAt: catalogue.at })
  })
}

function toConnector(row: ConnectorRow): RemoteConnector {
  return {
    key: row.key,
    name: row.name,
    description: row.description,
    logoUrl: row.logoUrl,
    docsUrl: row.docsUrl,
    categories: row.categories,
    directions: row.directions,
    auth: row.auth,
    linkable: row.linkable,
    connectionHint: row.connectionHint,
    credentialsOption: row.credentialsOption,
    configSchema: row.configSchema,
  }
}
