import { readData } from '../../data.ts'
import { padToCount, pick, syntheticConnector } from '../../synthetic-rows.ts'
import type { SandboxContext } from '../../vendor.ts'

/** A field that the end user enters, in the format of a template. */
export interface TemplateField {
  readonly type: 'string'
  readonly title: string
  readonly description: string
  readonly pattern?: string
  /** Filled in by Nango after the authorization. */
  readonly automated?: true
  readonly enum?: readonly string[]
}

/** An integration of the sandbox's environment with its template, both of which have the same key. */
export interface NangoIntegration {
  readonly key: string
  readonly name: string
  readonly authMode: string
  readonly categories: readonly string[]
  readonly connectionConfig?: Readonly<Record<string, TemplateField>>
}

/** Names and keys: nango.dev/docs/integrations. Fields: written for the sandbox. */
export const nangoIntegrations = readData<readonly NangoIntegration[]>('nango-integrations')

const field = (title: string, description: string): TemplateField => ({ type: 'string', title, description })

const credentialsByMode: Readonly<Record<string, Readonly<Record<string, TemplateField>>>> = {
  API_KEY: { apiKey: field('API key', 'An API key of the account') },
  BASIC: {
    username: field('User name', 'Name of the user'),
    password: field('Password', 'Password or token of the user'),
  },
  OAUTH2_CC: {
    client_id: field('Client ID', 'ID of the client'),
    client_secret: field('Client secret', 'Secret of the client'),
  },
}

export const credentialFields = ({ authMode }: NangoIntegration) => credentialsByMode[authMode] ?? {}

/** The integrations, padded to `minConnectors` with synthetic ones. */
export function createIntegrations({ minConnectors }: SandboxContext) {
  const list = padToCount(nangoIntegrations, minConnectors, syntheticIntegration)
  const byKey = new Map(list.map((one) => [one.key, one]))
  return { list, find: (key: string) => byKey.get(key) }
}

function syntheticIntegration(index: number): NangoIntegration {
  const { key, name } = syntheticConnector(index)
  return { key, name, authMode: pick(['OAUTH2', 'API_KEY', 'BASIC'], index), categories: ['other'] }
}

const createdAt = '2026-01-02T03:04:05.000Z'

const logoOf = ({ pageUrl }: SandboxContext, { key }: NangoIntegration) =>
  pageUrl(`/nango/images/template-logos/${key}.svg`)

/** As `GET /integrations` returns it. */
export const integrationJson = (context: SandboxContext, integration: NangoIntegration) => ({
  unique_key: integration.key,
  provider: integration.key,
  display_name: integration.name,
  logo: logoOf(context, integration),
  forward_webhooks: true,
  created_at: createdAt,
  updated_at: createdAt,
})

/** As `GET /providers` returns it. */
export const templateJson = (context: SandboxContext, integration: NangoIntegration) => ({
  name: integration.key,
  display_name: integration.name,
  logo_url: logoOf(context, integration),
  auth_mode: integration.authMode,
  categories: integration.categories,
  docs: `https://nango.dev/docs/integrations/all/${integration.key}`,
  ...(integration.connectionConfig && { connection_config: integration.connectionConfig }),
  ...(integration.authMode in credentialsByMode && { credentials: credentialFields(integration) }),
})
