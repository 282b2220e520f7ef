import { z } from 'zod'
import type { RemoteConnector } from '../adapter.ts'
import { lenientText } from '../lenient.ts'
import { cursorField } from '../paginate.ts'
import { rowsOf } from '../rows.ts'
import { optionsSchema } from './naming-fields.ts'
import { serviceAuth } from './services.ts'

const connectorResponse = z.object({
  id: z.string().min(1),
  name: z.string(),
  type: lenientText,
  description: lenientText,
  icon_url: lenientText,
  link_to_docs: lenientText,
  service_status: lenientText,
})

export const connectorPageResponse = z.object({
  data: z.object({ items: rowsOf(connectorResponse), next_cursor: cursorField(z.string()) }),
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
