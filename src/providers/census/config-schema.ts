import { z } from 'zod'
import type { ConfigSchema } from '../../domain/json.ts'
import { buildConfigSchema } from '../config-schema.ts'

/** Field descriptions are loosely typed and inconsistent: invalid values are ignored. */
const fieldResponse = z.object({
  id: z.string().min(1),
  label: z.string().nullish().catch(null),
  hint: z.string().nullish().catch(null),
  type: z.enum(['string', 'integer', 'boolean']).catch('string'),
  // A string in the documentation, a list in Census' own client.
  rules: z
    .union([z.string(), z.array(z.string())])
    .nullish()
    .catch(null),
  is_password_type_field: z.boolean().nullish().catch(null),
  possible_values: z
    .array(z.union([z.string(), z.number(), z.boolean()]))
    .nullish()
    .catch(null),
  show: z.unknown().optional(),
})

/** The fields that the end user fills in on Census' page; `null`: Census returns no fields. */
export function toConfigSchema(fields: readonly unknown[] | null | undefined): ConfigSchema | null {
  const parsed = (fields ?? []).flatMap((field) => fieldResponse.safeParse(field).data ?? [])
  return buildConfigSchema(
    parsed.map((field) => ({
      key: field.id,
      type: field.type,
      title: field.label,
      description: field.hint,
      // A field with a display condition may never be shown.
      required: field.show == null && rulesOf(field.rules).some((rule) => /^required(:|$)/.test(rule)),
      secret: field.is_password_type_field === true,
      choices: field.possible_values ?? null,
    })),
  )
}

const rulesOf = (rules: string | readonly string[] | null | undefined): readonly string[] =>
  typeof rules === 'string' ? [rules] : (rules ?? [])
