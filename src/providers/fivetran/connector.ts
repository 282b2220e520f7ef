import { z } from 'zod'
import type { RemoteConnector } from '../adapter.ts'
import { rowsOf } from '../rows.ts'
import { optionsSchema } from './naming-fields.ts'
import { serviceAuth } from './services.ts'

const connectorResponse = z.object({
  id: z.string().min(1),
  name: z.string(),
  type: z.string().nullish(),
  description: z.string().nullish(),
  icon_url: z.string().nullish(),
  link_to_docs: z.string().nullish(),
  service_status: z.string().nullish(),
})

export const connectorPageResponse = z.object({
  data: z.object({ items: rowsOf(connectorResponse), next_cursor: z.string().nullish() }),
})

/**
 * The list does not contain the authorization method, nor whether Connect Cards work; sunset services cannot
 * be set up.
 */
export function toConnector(response: z.output<typeof connectorResponse>): RemoteConnector {
  return {
    key: response.id,
    name: response.name,
    description: response.description ?? null,
    logoUrl: response.icon_url ?? null,
    docsUrl: response.link_to_docs ?? null,
    categories: response.type ? [response.type] : [],
    directions: ['SOURCE'],
    auth: serviceAuth(response.id),
    linkable: response.service_status !== 'sunset',
    connectionHint: null,
    credentialsOption: null,
    configSchema: optionsSchema(response.id),
  }
}
