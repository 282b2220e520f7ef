import { z } from 'zod'
import type { ConfigSchema } from '../../domain/json.ts'
import type { ConnectorAuth } from '../../domain/statuses.ts'
import type { RemoteConnector } from '../adapter.ts'
import { buildConfigSchema, type ConfigField } from '../config-schema.ts'
import { lenient, lenientArray, lenientText } from '../lenient.ts'
import { cursorField } from '../paginate.ts'
import { rowsOf } from '../rows.ts'
import { type AuthConfig, authOf, defaultOf } from './auth-config.ts'

const toolkit = z.object({
  slug: z.string().min(1),
  name: z.string(),
  auth_schemes: lenientArray(z.string()),
  no_auth: lenient(z.boolean()),
  auth_guide_url: lenientText,
  meta: lenient(
    z.object({
      description: lenientText,
      logo: lenientText,
      categories: lenientArray(z.object({ name: z.string() })),
    }),
  ),
})
type Toolkit = z.output<typeof toolkit>

export const toolkitPageResponse = z.object({
  items: rowsOf(toolkit, { id: 'slug' }),
  next_cursor: cursorField(z.string()),
})

/** `usable`: the auth configs with which its accounts can be connected. A toolkit without any has no links. */
export function toConnector(response: Toolkit, usable: readonly AuthConfig[]): RemoteConnector {
  const { meta } = response
  return {
    key: response.slug,
    name: response.name,
    description: meta?.description ?? null,
    logoUrl: meta?.logo ?? null,
    docsUrl: response.auth_guide_url ?? null,
    categories: meta?.categories?.map(({ name }) => name) ?? [],
    directions: ['TOOL'],
    auth: readAuth(response, defaultOf(usable)),
    linkable: usable.length > 0,
    connectionHint: null,
    credentialsOption: null,
    configSchema: null,
  }
}

function readAuth({ no_auth, auth_schemes }: Toolkit, used: AuthConfig | undefined): ConnectorAuth {
  if (used !== undefined) return authOf(used.auth_scheme)
  return no_auth === true ? 'NONE' : authOf(auth_schemes?.[0])
}

const field = z.object({
  name: z.string().min(1),
  displayName: lenientText,
  description: lenientText,
  is_secret: lenient(z.boolean()),
})

const authDetails = z.object({
  mode: z.string(),
  fields: z.object({
    connected_account_initiation: z.object({
      required: lenientArray(field),
      optional: lenientArray(field),
    }),
  }),
})

export const toolkitResponse = z.object({ auth_config_details: lenientArray(authDetails) })

/** The fields that the end user fills in on Composio's page, for the scheme of an auth config. */
export function toConfigSchema(
  { auth_config_details: details }: z.output<typeof toolkitResponse>,
  scheme: string | null | undefined,
): ConfigSchema | null {
  const fields = details?.find(({ mode }) => mode.toUpperCase() === scheme)?.fields
    .connected_account_initiation
  return buildConfigSchema([
    ...(fields?.required ?? []).map((one) => toField(one, true)),
    ...(fields?.optional ?? []).map((one) => toField(one, false)),
  ])
}

const toField = (
  { name, displayName, description, is_secret }: z.output<typeof field>,
  required: boolean,
): ConfigField => ({
  key: name,
  title: displayName,
  description,
  required,
  secret: is_secret === true,
})
