import { z } from 'zod'
import type { ConfigSchema } from '../../domain/json.ts'
import { buildConfigSchema } from '../config-schema.ts'

/** A field is described loosely, and differently from place to place: what cannot be read is left out. */
const fieldAnswer = z.object({
  id: z.string().min(1),
  label: z.string().nullish().catch(null),
  hint: z.string().nullish().catch(null),
  type: z.enum(['string', 'integer', 'boolean']).catch('string'),
  // A text in the documentation, a list in Census' own client.
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

/** What the end user is asked on Census' page; `null` where Census names no fields. */
export function toConfigSchema(fields: readonly unknown[] | null | undefined): ConfigSchema | null {
  const read = (fields ?? []).flatMap((field) => fieldAnswer.safeParse(field).data ?? [])
  return buildConfigSchema(
    read.map((field) => ({
      key: field.id,
      type: field.type,
      title: field.label,
      description: field.hint,
      // One that is shown only under a condition may never be asked for.
      required: field.show == null && rulesOf(field.rules).some((rule) => /^required(:|$)/.test(rule)),
      secret: field.is_password_type_field === true,
      choices: field.possible_values ?? null,
    })),
  )
}

const rulesOf = (rules: string | readonly string[] | null | undefined): readonly string[] =>
  typeof rules === 'string' ? [rules] : (rules ?? [])
