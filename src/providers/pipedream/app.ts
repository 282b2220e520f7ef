import { z } from 'zod'
import type { ConnectorAuth } from '../../domain/statuses.ts'
import type { RemoteConnector } from '../adapter.ts'
import { lenientArray, lenientText } from '../lenient.ts'
import { rowsOf } from '../rows.ts'
import { pageInfo } from './account.ts'
import { toConfigSchema } from './config-schema.ts'

const app = z.object({
  name_slug: z.string().min(1),
  name: z.string(),
  description: lenientText,
  img_src: lenientText,
  categories: lenientArray(z.string()),
  auth_type: lenientText,
  custom_fields_json: lenientText,
})

export const appPageResponse = z.object({ data: rowsOf(app, { id: 'name_slug' }), page_info: pageInfo })

export function toConnector(response: z.output<typeof app>): RemoteConnector {
  const auth = readAuth(response.auth_type)
  return {
    key: response.name_slug,
    name: response.name,
    description: response.description ?? null,
    logoUrl: response.img_src ?? null,
    docsUrl: null,
    categories: response.categories ?? [],
    directions: ['TOOL'],
    auth,
    // An app without authorization has no account to connect.
    linkable: auth !== 'NONE',
    connectionHint: null,
    credentialsOption: null,
    configSchema: toConfigSchema(response.custom_fields_json),
  }
}

function readAuth(authType: string | null | undefined): ConnectorAuth {
  switch (authType) {
    case 'oauth':
      return 'OAUTH'
    case 'keys':
      return 'KEYS'
    case 'none':
      return 'NONE'
    default:
      return 'UNKNOWN'
  }
}
