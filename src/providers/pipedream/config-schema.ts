import { z } from 'zod'
import type { ConfigSchema } from '../../domain/json.ts'
import { buildConfigSchema } from '../config-schema.ts'

const fieldResponse = z.object({
  name: z.string().min(1),
  label: z.string().nullish().catch(null),
  description: z.string().nullish().catch(null),
  optional: z.boolean().nullish().catch(true),
  type: z.string().nullish().catch(null),
})

/** The fields that the end user fills in on Pipedream's page. `json`: a JSON string; `null`: it contains no fields. */
export function toConfigSchema(json: string | null | undefined): ConfigSchema | null {
  const fields = parseList(json).flatMap((field) => fieldResponse.safeParse(field).data ?? [])
  return buildConfigSchema(
    fields.map((field) => ({
      key: field.name,
      title: field.label,
      description: field.description,
      required: field.optional !== true,
      secret: field.type === 'password',
    })),
  )
}

function parseList(json: string | null | undefined): readonly unknown[] {
  // Invalid JSON must not fail the rest of the catalogue.
  try {
    return z.array(z.unknown()).safeParse(JSON.parse(json ?? '[]')).data ?? []
  } catch {
    return []
  }
}
