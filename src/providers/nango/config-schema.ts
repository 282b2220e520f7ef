import { z } from 'zod'
import type { ConfigSchema } from '../../domain/json.ts'
import { buildConfigSchema, type ConfigField } from '../config-schema.ts'
import { lenient, lenientArray, lenientText } from '../lenient.ts'

const fieldResponse = z.object({
  title: lenientText,
  description: lenientText,
  pattern: lenientText,
  format: lenientText,
  order: lenient(z.number()),
  optional: lenient(z.boolean()),
  // Booleans as texts in some templates.
  hidden: lenient(z.coerce.string()),
  automated: lenient(z.boolean()),
  enum: lenientArray(z.string()),
})
type Field = z.output<typeof fieldResponse>
type Fields = Readonly<Record<string, unknown>> | null | undefined

/** What the end user enters on Nango's page: the settings of the account, then its credentials. `null`: nothing. */
export const toConfigSchema = (connectionConfig: Fields, credentials: Fields): ConfigSchema | null =>
  buildConfigSchema([
    ...toFields(connectionConfig, () => false),
    ...toFields(credentials, (key) => key !== 'username'),
  ])

function toFields(fields: Fields, isSecret: (key: string) => boolean): readonly ConfigField[] {
  return Object.entries(fields ?? {})
    .map(([key, value]) => ({ key, field: fieldResponse.safeParse(value).data }))
    .filter((one): one is { key: string; field: Field } => one.field !== undefined && isEntered(one.field))
    .toSorted((a, b) => (a.field.order ?? Infinity) - (b.field.order ?? Infinity) || 0)
    .map(({ key, field }) => ({
      key,
      title: field.title,
      description: field.description,
      pattern: field.pattern,
      format: field.format,
      required: field.optional !== true,
      secret: isSecret(key),
      choices: field.enum ?? null,
    }))
}

/** Other fields are filled in by Nango after the authorization. */
const isEntered = ({ automated, hidden }: Field): boolean => automated !== true && hidden !== 'true'
