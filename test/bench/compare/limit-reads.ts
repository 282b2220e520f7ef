import type pg from 'pg'

/** The reads of the limit program: rows to the JSON that the gateway returns. */

interface ConnectionRow {
  readonly id: string
  readonly direction: string
  readonly connectorKey: string
  readonly name: string | null
  readonly status: string
  readonly remoteId: string
  readonly createdAt: Date
  readonly updatedAt: Date
}

interface RowWithConnector extends ConnectionRow {
  readonly provider: string
  readonly connectorName: string | null
  readonly categories: readonly string[] | null
}

const columns = `c.id, c.direction, c.connector_key as "connectorKey", c.name, c.status, c.remote_id as "remoteId",
  c.created_at as "createdAt", c.updated_at as "updatedAt"`

const one = `select ${columns} from connections c where c.id = $1 and c.visible`
const page = `select ${columns} from connections c
  where c.account_key = any($1) and c.visible order by c.created_at desc, c.id desc limit 101`
const pageWithConnectors = `select ${columns}, c.provider, k.name as "connectorName", k.categories
  from connections c left join connectors k on k.account_key = c.account_key and k.key = c.connector_key
  where c.account_key = any($1) and c.visible order by c.created_at desc, c.id desc limit 101`

export async function oneConnection(pool: pg.Pool, { id }: { readonly id: string }): Promise<object> {
  const uuid = Buffer.from(id, 'base64url').toString().slice('Connection:'.length)
  const { rows } = await pool.query<ConnectionRow>({ name: 'one', text: one, values: [uuid] })
  const [row] = rows
  return { node: row ? connectionOf(row) : null }
}

export async function onePage(pool: pg.Pool): Promise<object> {
  const { FIVETRAN } = await accountKeys(pool)
  const { rows } = await pool.query<ConnectionRow>({ name: 'page', text: page, values: [FIVETRAN] })
  return { connections: { nodes: rows.slice(0, 100).map(connectionOf) } }
}

export async function pagesWithParents(pool: pg.Pool): Promise<object> {
  const keys = await accountKeys(pool)
  const pages = await Promise.all(
    Object.entries(providerNames).map(async ([provider]) => {
      const query = { name: 'page with connectors', text: pageWithConnectors, values: [keys[provider]] }
      const { rows } = await pool.query<RowWithConnector>(query)
      return [provider.toLowerCase(), { nodes: rows.slice(0, 100).map(connectionWithParents) }]
    }),
  )
  return Object.fromEntries(pages)
}

const providerNames: Readonly<Record<string, string>> = {
  FIVETRAN: 'Fivetran',
  CENSUS: 'Census',
  PIPEDREAM: 'Pipedream',
  XPANDER: 'xpander',
}

let keys: Promise<Readonly<Record<string, readonly string[]>>> | undefined

/** Account keys by provider; read once, as the gateway knows them from its configuration. */
function accountKeys(pool: pg.Pool) {
  keys ??= pool
    .query('select provider, array_agg(distinct account_key) as keys from connections group by provider')
    .then(({ rows }) => Object.fromEntries(rows.map(({ provider, keys }) => [provider, keys])))
  return keys
}

export const globalId = (type: string, id: string): string =>
  Buffer.from(`${type}:${id}`).toString('base64url')

const connectionOf = ({ id, createdAt, updatedAt, ...row }: ConnectionRow) => ({
  id: globalId('Connection', id),
  direction: row.direction,
  connectorKey: row.connectorKey,
  name: row.name,
  status: row.status,
  remoteId: row.remoteId,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
})

const connectionWithParents = ({
  id,
  provider,
  connectorKey,
  createdAt,
  updatedAt,
  ...row
}: RowWithConnector) => ({
  id: globalId('Connection', id),
  provider: { id: globalId('Provider', provider), key: provider, name: providerNames[provider] },
  connector:
    row.connectorName === null
      ? null
      : {
          id: globalId('Connector', `${provider}:${connectorKey}`),
          name: row.connectorName,
          categories: row.categories,
        },
  name: row.name,
  status: row.status,
  remoteId: row.remoteId,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
})
