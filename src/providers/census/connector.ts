import { z } from 'zod'
import type { ConnectorAuth, Direction } from '../../domain/statuses.ts'
import type { RemoteConnector } from '../adapter.ts'
import { toConfigSchema } from './config-schema.ts'

/** A destination type, a source type or, in version 2, an activation type. Neither icon nor category is part of any. */
export const connectorAnswer = z.object({
  service_name: z.string().min(1),
  label: z.string().nullish(),
  auth_method: z.string().nullish(),
  creatable_via_connect_link: z.boolean().nullish(),
  configuration_fields: z.object({ fields: z.array(z.unknown()).nullish() }).nullish(),
})
type ConnectorAnswer = z.output<typeof connectorAnswer>

export function toConnector(answer: ConnectorAnswer, direction: Direction): RemoteConnector {
  return {
    key: answer.service_name,
    name: answer.label ?? answer.service_name,
    description: null,
    logoUrl: null,
    docsUrl: null,
    categories: [],
    directions: [direction],
    auth: direction === 'SOURCE' ? sourceAuth(answer) : destinationAuth(answer),
    // Where the field is absent nothing says that a link would not work.
    linkable: answer.creatable_via_connect_link !== false,
    configSchema: toConfigSchema(answer.configuration_fields?.fields),
  }
}

function destinationAuth({ auth_method }: ConnectorAnswer): ConnectorAuth {
  switch (auth_method) {
    case 'oauth':
      return 'OAUTH'
    case 'credentials':
      return 'KEYS'
    default:
      return 'UNKNOWN'
  }
}

/** Source types do not say how they authorise; fields to fill in mean credentials. */
const sourceAuth = ({ configuration_fields }: ConnectorAnswer): ConnectorAuth =>
  (configuration_fields?.fields?.length ?? 0) > 0 ? 'KEYS' : 'UNKNOWN'

/** A service that is both a destination and a source type is one connector with two directions. */
export function mergeConnectors(all: Iterable<RemoteConnector>): RemoteConnector[] {
  const byKey = new Map<string, RemoteConnector>()
  for (const connector of all) {
    const known = byKey.get(connector.key)
    byKey.set(connector.key, known ? merged(known, connector) : connector)
  }
  return [...byKey.values()]
}

const merged = (first: RemoteConnector, second: RemoteConnector): RemoteConnector => ({
  ...first,
  directions: [...new Set([...first.directions, ...second.directions])],
  auth: first.auth === 'UNKNOWN' ? second.auth : first.auth,
  linkable: first.linkable || second.linkable,
  configSchema:
    first.configSchema && second.configSchema
      ? { anyOf: [first.configSchema, second.configSchema] }
      : (first.configSchema ?? second.configSchema),
})
