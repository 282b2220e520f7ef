import type { Application } from './applications.ts'
import type { Connector } from './connector.ts'

type Offers = Pick<Application, 'offers'>

/** The first logo that an offer has, in the order of the providers; `null`: none has one. */
export const logoOf = ({ offers }: Offers): string | null =>
  offers.find(({ logoUrl }) => logoUrl !== null)?.logoUrl ?? null

/** The first description that an offer has; `null`: none has one. */
export const descriptionOf = ({ offers }: Offers): string | null =>
  offers.find(({ description }) => description !== null && description !== '')?.description ?? null

/** The categories of all offers, each once; names that differ only in case, spaces or punctuation are equal. */
export function categoriesOf({ offers }: Offers): readonly string[] {
  const categories = new Map<string, string>()
  for (const name of offers.flatMap((offer) => offer.categories))
    if (!categories.has(categoryKey(name))) categories.set(categoryKey(name), name)
  return [...categories.values()]
}

/** Whether the connector has the category, in any spelling. */
export function hasCategory({ categories }: Pick<Connector, 'categories'>, category: string): boolean {
  const key = categoryKey(category)
  return categories.some((name) => categoryKey(name) === key)
}

const categoryKey = (name: string) => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '')
