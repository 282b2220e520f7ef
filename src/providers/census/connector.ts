import { z } from 'zod'
import type { ConnectorAuth, Direction } from '../../domain/statuses.ts'
import type { RemoteConnector } from '../adapter.ts'
import { lenient, lenientArray, lenientText } from '../lenient.ts'
import { toConfigSchema } from './config-schema.ts'

/** A destination type, a source type or, in version 2, an activation type. None of them has an icon or a category. */
export const connectorResponse = z.object({
  service_name: z.string().min(1),
  label: lenientText,
  auth_method: lenientText,
  creatable_via_connect_link: lenient(z.boolean()),
  configuration_fields: lenient(z.object({ fields: lenientArray(z.unknown()) })),
})
type ConnectorResponse = z.output<typeof connectorResponse>

export function toConnector(response: ConnectorResponse, direction: Direction): RemoteConnector {
  return {
    key: response.service_name,
    name: response.label ?? response.service_name,
    description: null,
    logoUrl: null,
    docsUrl: null,
    categories: [],
    directions: [direction],
    auth: direction === 'SOURCE' ? sourceAuth(response) : destinationAuth(response),
    // If the field is absent, links are assumed to work.
    linkable: response.creatable_via_connect_link !== false,
    connectionHint: null,
    credentialsOption: null,
    configSchema: toConfigSchema(response.configuration_fields?.fields),
  }
}

function destinationAuth({ auth_method }: ConnectorResponse): ConnectorAuth {
  switch (auth_method) {
    case 'oauth':
      return 'OAUTH'
    case 'credentials':
      return 'KEYS'
    default:
      return 'UNKNOWN'
  }
}

/** Source types do not report how they authorize; input fields mean credentials. */
const sourceAuth = ({ configuration_fields }: ConnectorResponse): ConnectorAuth =>
  (configuration_fields?.fields?.length ?? 0) > 0 ? 'KEYS' : 'UNKNOWN'

/**
 * Merges entries with the same key: a service that is a destination and a source is one connector with two
 * directions.
 */
export function mergeConnectors(all: Iterable<RemoteConnector>): RemoteConnector[] {
  const byKey = new Map<string, RemoteConnector>()
  for (const connector of all) {
    const existing = byKey.get(connector.key)
    byKey.set(connector.key, existing ? merge(existing, connector) : connector)
  }
  return [...byKey.values()]
}

const merge = (first: RemoteConnector, second: RemoteConnector): RemoteConnector => ({
  ...first,
  directions: [...new Set([...first.directions, ...second.directions])],
  auth: first.auth === 'UNKNOWN' ? second.auth : first.auth,
  linkable: first.linkable || second.linkable,
  configSchema:
    first.configSchema && second.configSchema
      ? { anyOf: [first.configSchema, second.configSchema] }
      : (first.configSchema ?? second.configSchema),
})
