import type { ProviderKey } from '../domain/provider-key.ts'
import type { RemoteConnector } from '../providers/adapter.ts'
import { advisoryLock, type Database } from './database.ts'
import type { ConnectorRow } from './schema.ts'

export async function loadConnectors(db: Database, accountKey: string): Promise<readonly RemoteConnector[]> {
  const rows = await db.selectFrom('connectors').selectAll().where('accountKey', '=', accountKey).execute()
  return rows.map(toConnector)
}

const rowsPerStatement = 500

/** Puts a whole slice in place of the old one in one step; readers see either. */
export async function replaceConnectors(
  db: Database,
  slice: {
    readonly provider: ProviderKey
    readonly accountKey: string
    readonly connectors: readonly RemoteConnector[]
  },
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    // Gateways on one database take turns: two of them would meet in the middle.
    await advisoryLock(transaction, `connectors ${slice.accountKey}`)
    await transaction.deleteFrom('connectors').where('accountKey', '=', slice.accountKey).execute()
    for (let start = 0; start < slice.connectors.length; start += rowsPerStatement) {
      const rows = slice.connectors.slice(start, start + rowsPerStatement).map((connector) => ({
        accountKey: slice.accountKey,
        provider: slice.provider,
        key: connector.key,
        name: connector.name,
        description: connector.description,
        logoUrl: connector.logoUrl,
        docsUrl: connector.docsUrl,
        categories: JSON.stringify(connector.categories),
        directions: JSON.stringify(connector.directions),
        auth: connector.auth,
        linkable: connector.linkable,
        configSchema: connector.configSchema && JSON.stringify(connector.configSchema),
      }))
      await transaction.insertInto('connectors').values(rows).execute()
    }
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
    configSchema: row.configSchema,
  }
}
