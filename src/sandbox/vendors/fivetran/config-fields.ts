import { readData } from '../../data.ts'
import type { JsonObject } from '../../json.ts'

/**
 * Fields of `config` by service, beside the naming fields: names, types and choices as in the request schemas of POST
 * /v1/connections, titles and descriptions are our own. For other services the sandbox describes the naming fields only.
 */
export const fivetranConfigs = readData<Readonly<Record<string, JsonObject>>>('fivetran-config-fields')
