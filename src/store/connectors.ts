import type { ProviderKey } from '../domain/provider-key.ts'
import type { RemoteConnector } from '../providers/adapter.ts'
import { type Database, takeTurns } from './database.ts'
import type { ConnectorRow } from './schema.ts'

export async function loadConnectors(db: Database, scope: string): Promise<readonly RemoteConnector[]> {
  const rows = await db.selectFrom('connectors').selectAll().where('scope', '=', scope).execute()
  return rows.map(toConnector)
}

const rowsPerStatement = 500

/** Puts a whole slice in place of the old one in one step; readers see either. */
export async function replaceConnectors(
  db: Database,
  slice: {
    readonly provider: ProviderKey
    readonly scope: string
    readonly connectors: readonly RemoteConnector[]
  },
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    // Gateways on one database take turns: two of them would meet in the middle.
    await takeTurns(transaction, `connectors ${slice.scope}`)
    await transaction.deleteFrom('connectors').where('scope', '=', slice.scope).execute()
    for (let start = 0; start < slice.connectors.length; start += rowsPerStatement) {
      const rows = slice.connectors.slice(start, start + rowsPerStatement).map((connector) => ({
        scope: slice.scope,
        provider: slice.provider,
        key: connector.key,
        name: connector.name,
        description: connector.description,
        logo_url: connector.logoUrl,
        docs_url: connector.docsUrl,
        categories: JSON.stringify(connector.categories),
        directions: JSON.stringify(connector.directions),
        auth: connector.auth,
        linkable: connector.linkable,
        inputs: connector.inputs && JSON.stringify(connector.inputs),
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
    logoUrl: row.logo_url,
    docsUrl: row.docs_url,
    categories: row.categories,
    directions: row.directions,
    auth: row.auth,
    linkable: row.linkable,
    inputs: row.inputs,
  }
}
