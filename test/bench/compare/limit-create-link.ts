import { createCipheriv, createHash, randomBytes, randomUUID } from 'node:crypto'
import type pg from 'pg'
import { Pool } from 'undici'
import { globalId } from './limit-reads.ts'

/** Creates a link as the gateway does: one request to the provider, then link, history and notification in a statement. */

interface Input {
  readonly connector: string
  readonly endUser: { readonly id: string }
  readonly redirectUri: string
}

const upstream = new Pool(process.env.UPSTREAM ?? 'http://127.0.0.1', { connections: 32 })
const { url, headers, body } = JSON.parse(process.env.CREATION ?? '{}')
const key = randomBytes(32)
const dayMs = 86_400_000

// A trigger on the history notifies.
const insert = `with link as (
  insert into connect_links (id, provider, account_key, connector_key, direction, purpose, status, token_hash,
    token_encrypted, return_token_hash, webhook_token_hash, provider_url_encrypted, redirect_uri_encrypted,
    error_redirect_uri_encrypted, expires_at, expiry_source, embeddable, requires_provider_login, end_user_id, owner,
    remote_link_id, provider_state, tags, created_at, status_changed_at, watch_until, next_check_at, guard)
  values ($1, 'CENSUS', $2, $3, 'DESTINATION', 'CONNECT', 'CREATED', $4, $5, $6, $7, $8, $9, $10, $11, 'PROVIDER',
    false, false, $12, 'END_USER', $13, 'null', '[]', $14, $14, $11, $15, 'NONE') returning id)
  insert into link_transitions (link_id, number, from_status, to_status, at, source)
  select id, 1, null, 'CREATED', $14, 'API_CALL' from link`

export async function createLink(pool: pg.Pool, { input }: { readonly input: Input }): Promise<object> {
  const id = randomUUID()
  const tokens = [newToken(), newToken(), newToken()] as const
  const response = await upstream.request({ path: url, method: 'POST', headers, body })
  const { data } = (await response.body.json()) as { data: { id: number; uri: string } }
  const now = new Date()
  const expiresAt = new Date(now.getTime() + dayMs)
  await pool.query({
    name: 'create link',
    text: insert,
    values: [
      id,
      'CENSUS|bench',
      input.connector,
      hash(tokens[0]),
      encrypt(tokens[0], `${id}/token`),
      hash(tokens[1]),
      hash(tokens[2]),
      encrypt(data.uri, `${id}/url`),
      encrypt(input.redirectUri, `${id}/redirect`),
      encrypt(input.redirectUri, `${id}/error-redirect`),
      expiresAt,
      input.endUser.id,
      String(data.id),
      now,
      new Date(now.getTime() + 30_000),
    ],
  })
  const connectLink = {
    id: globalId('ConnectLink', id),
    status: 'CREATED',
    url: `https://gateway.example/connect/${tokens[0]}`,
    expiresAt: expiresAt.toISOString(),
    connectorKey: input.connector,
  }
  return { createConnectLink: { connectLink } }
}

const newToken = () => randomBytes(32).toString('base64url')

const hash = (text: string) => createHash('sha256').update(text).digest('base64url')

function encrypt(text: string, context: string): string {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return `${nonce.toString('base64url')}.${sealed.toString('base64url')}`
}
