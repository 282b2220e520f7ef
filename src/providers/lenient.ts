import { z } from 'zod'

/** An optional field of a response. With a value of another type it counts as absent: the rest is still usable. */
export const lenient = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().catch(null)

/** An optional text. */
export const lenientText = lenient(z.string())

/** An optional list of which only the readable entries are kept. */
export const lenientArray = <Item extends z.ZodType>(item: Item) =>
  lenient(z.array(z.unknown()).transform((entries) => entries.flatMap((entry) => readable(item, entry))))

function readable<Item extends z.ZodType>(item: Item, entry: unknown): z.output<Item>[] {
  const parsed = item.safeParse(entry)
  return parsed.success ? [parsed.data] : []
}
