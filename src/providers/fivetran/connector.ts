import { z } from 'zod'
import type { RemoteConnector } from '../adapter.ts'
import { optionsSchema } from './naming-fields.ts'
import { serviceAuth } from './services.ts'

const connectorAnswer = z.object({
  id: z.string().min(1),
  name: z.string(),
  type: z.string().nullish(),
  description: z.string().nullish(),
  icon_url: z.string().nullish(),
  link_to_docs: z.string().nullish(),
  service_status: z.string().nullish(),
})

export const connectorPage = z.object({
  data: z.object({ items: z.array(connectorAnswer), next_cursor: z.string().nullish() }),
})

/** The list does not say how a service authorises, nor whether a card works for it: only a sunset one surely cannot be set up. */
export function toConnector(answer: z.output<typeof connectorAnswer>): RemoteConnector {
  return {
    key: answer.id,
    name: answer.name,
    description: answer.description ?? null,
    logoUrl: answer.icon_url ?? null,
    docsUrl: answer.link_to_docs ?? null,
    categories: answer.type ? [answer.type] : [],
    directions: ['SOURCE'],
    auth: serviceAuth(answer.id),
    linkable: answer.service_status !== 'sunset',
    configSchema: optionsSchema(answer.id),
  }
}
