import type { JsonObject } from '../vendor.ts'

const text = (title: string, more: JsonObject = {}): JsonObject => ({
  type: 'string',
  title,
  readonly: false,
  ...more,
})
const secret = (title: string) => text(title, { format: 'password' })
const choice = (title: string, values: readonly string[]) => text(title, { enum: values })
const number = (title: string): JsonObject => ({ type: 'integer', title, readonly: false })
const flag = (title: string): JsonObject => ({ type: 'boolean', title, readonly: false })
const texts = (title: string): JsonObject => ({
  type: 'array',
  title,
  readonly: false,
  items: { type: 'string', readonly: false },
})

const connectionType = choice('Connection method', ['Directly', 'PrivateLink', 'SshTunnel', 'ProxyAgent'])

const postgres = {
  host: text('Host', { description: 'Name or address of the server.', example: 'db.example.com' }),
  port: number('Port'),
  database: text('Database'),
  user: text('User'),
  password: secret('Password'),
  auth_method: choice('Authentication method', ['PASSWORD', 'CLIENT_CERTIFICATE', 'AWS_IAM', 'ENTRA_ID']),
  update_method: choice('Update method', ['QUERY_BASED', 'WAL_PGOUTPUT']),
  replication_slot: text('Replication slot'),
  publication_name: text('Publication'),
  always_encrypted: flag('Require TLS'),
  connection_type: connectionType,
  tunnel_host: text('Tunnel host'),
  tunnel_port: number('Tunnel port'),
  tunnel_user: text('Tunnel user'),
  public_key: text('Public key of the tunnel', { readonly: true }),
}

const report = {
  type: 'object',
  readonly: false,
  properties: {
    table: text('Table'),
    report_type: text('Report type'),
    fields: texts('Fields'),
  },
  required: ['table', 'report_type'],
}

/**
 * What some services describe beside their names: field names, types and choices as in the request schemas of POST
 * /v1/connections, the words ours. Of the other services the sandbox describes the names alone.
 */
export const fivetranConfigs: Readonly<Record<string, JsonObject>> = {
  postgres,
  postgres_rds: postgres,
  google_ads: {
    sync_mode: choice('Sync mode', ['AllAccounts', 'SpecificAccounts', 'ManagerAccounts']),
    customer_id: text('Customer ID'),
    accounts: texts('Accounts'),
    manager_accounts: texts('Manager accounts'),
    timeframe_months: choice('History', ['THREE', 'SIX', 'TWELVE', 'TWENTY_FOUR', 'ALL_TIME']),
    conversion_window_size: number('Conversion window in days'),
    skip_empty_reports: flag('Skip empty reports'),
    reports: { type: 'array', title: 'Reports', readonly: false, items: report },
  },
  google_sheets: {
    auth_type: choice('Authentication', ['OAuth', 'ServiceAccount']),
    sheet_id: text('Sheet', { description: "The sheet's address." }),
    named_range: text('Named range'),
  },
  hubspot: {
    historical_sync_time_frame: choice('History', ['ALL_TIME', 'DATE_LIMIT']),
    backward_sync_limit_date: text('Not before', { example: '2024-01-01' }),
    sync_sensitive_data: flag('Sync sensitive data'),
    client_secret: secret('Client secret'),
  },
  s3: {
    bucket: text('Bucket'),
    prefix: text('Folder'),
    pattern: text('File pattern'),
    file_type: choice('File type', ['infer', 'csv', 'tsv', 'json', 'jsonl', 'avro', 'parquet', 'xml']),
    auth_type: choice('Access', ['PUBLIC_BUCKET', 'IAM_ROLE', 'ACCESS_KEY']),
    access_key_id: text('Access key ID'),
    access_key_secret: secret('Access key secret'),
    skip_before: number('Lines to skip at the start'),
    connection_type: connectionType,
  },
}
