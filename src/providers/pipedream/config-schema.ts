import { z } from 'zod'
import type { ConfigSchema } from '../../domain/json.ts'
import { buildConfigSchema } from '../config-schema.ts'

const fieldAnswer = z.object({
  name: z.string().min(1),
  label: z.string().nullish().catch(null),
  description: z.string().nullish().catch(null),
  optional: z.boolean().nullish().catch(true),
  type: z.string().nullish().catch(null),
})

/** What the end user is asked on Pipedream's page, from JSON inside a text; `null` where it names no fields. */
export function customInputs(json: string | null | undefined): ConfigSchema | null {
  const read = listIn(json).flatMap((field) => fieldAnswer.safeParse(field).data ?? [])
  return buildConfigSchema(
    read.map((field) => ({
      key: field.name,
      title: field.label,
      description: field.description,
      required: field.optional !== true,
      secret: field.type === 'password',
    })),
  )
}

function listIn(json: string | null | undefined): readonly unknown[] {
  // A description that cannot be read costs the catalogue nothing else.
  try {
    return z.array(z.unknown()).safeParse(JSON.parse(json ?? '[]')).data ?? []
  } catch {
    return []
  }
}
