import { z } from 'zod'
import { ProviderError } from '../../domain/provider-error.ts'
import type { ConnectorAuth } from '../../domain/statuses.ts'
import type { HttpClient, RequestContext } from '../../http/http-types.ts'
import type { RemoteConnector } from '../adapter.ts'
import { lenient, lenientArray, lenientText } from '../lenient.ts'
import { mapPage, type Page, rowsOf } from '../rows.ts'
import { toConfigSchema } from './config-schema.ts'

/** A connector that is configured in the environment: only these take links. */
const integration = z.object({
  unique_key: z.string().min(1),
  provider: lenientText,
  display_name: lenientText,
  logo: lenientText,
})
type Integration = z.output<typeof integration>

const fields = lenient(z.record(z.string(), z.unknown()))

/** The template of an integration, which describes what its connections need. */
const template = z.object({
  name: z.string().min(1),
  display_name: lenientText,
  logo_url: lenientText,
  auth_mode: lenientText,
  categories: lenientArray(z.string()),
  docs: lenientText,
  connection_config: fields,
  credentials: fields,
})
type Template = z.output<typeof template>

const integrationsResponse = z.object({ data: rowsOf(integration, { id: 'unique_key' }) })
const templatesResponse = z.object({ data: rowsOf(template, { id: 'name' }) })

/** All integrations, in one page. */
export async function readConnectors(http: HttpClient, call: RequestContext): Promise<Page<RemoteConnector>> {
  const purpose = 'list connectors'
  const { data } = await http.send(
    { method: 'GET', path: '/integrations', responseSchema: integrationsResponse, purpose },
    call,
  )
  const templates = await readTemplates(http, call)
  return mapPage(data, (one) => toConnector(one, templates.get(one.provider ?? '')))
}

/** By name. Caught, because connectors are usable without them. */
async function readTemplates(http: HttpClient, call: RequestContext): Promise<ReadonlyMap<string, Template>> {
  const purpose = 'list the templates of connectors'
  const request = { method: 'GET', path: '/providers', responseSchema: templatesResponse, purpose } as const
  try {
    const { data } = await http.send({ ...request, optional: true }, call)
    return new Map(data.items.map((one) => [one.name, one]))
  } catch (error) {
    if (error instanceof ProviderError) return new Map()
    throw error
  }
}

function toConnector(response: Integration, from: Template | undefined): RemoteConnector {
  return {
    key: response.unique_key,
    name: response.display_name || from?.display_name || response.unique_key,
    description: null,
    logoUrl: response.logo || from?.logo_url || null,
    docsUrl: from?.docs || null,
    categories: from?.categories ?? [],
    directions: ['TOOL'],
    auth: readAuth(from?.auth_mode),
    linkable: true,
    connectionHint: null,
    credentialsOption: null,
    configSchema: toConfigSchema(from?.connection_config, from?.credentials),
  }
}

function readAuth(mode: string | null | undefined): ConnectorAuth {
  switch (mode) {
    case 'OAUTH1':
    case 'OAUTH2':
    case 'MCP_OAUTH2':
    case 'APP':
    case 'CUSTOM':
      return 'OAUTH'
    case 'API_KEY':
    case 'BASIC':
    case 'OAUTH2_CC':
    case 'TBA':
    case 'JWT':
    case 'BILL':
    case 'TWO_STEP':
    case 'SIGNATURE':
    case 'APP_STORE':
      return 'KEYS'
    case 'NONE':
      return 'NONE'
    default:
      return 'UNKNOWN'
  }
}
