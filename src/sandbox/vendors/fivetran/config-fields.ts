import { readData } from '../../data.ts'
import type { JsonObject } from '../../json.ts'

/**
 * Fields of `config` by service, in addition to the naming fields. Names, types and enums: the request schemas of POST
 * /v1/connections. Titles and descriptions: written for the sandbox. Services not listed have the naming fields only.
 */
export const fivetranConfigs = readData<Readonly<Record<string, JsonObject>>>('fivetran-config-fields')
