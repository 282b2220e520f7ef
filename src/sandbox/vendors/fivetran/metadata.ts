import type { Route } from '../../router.ts'
import { fivetranConfigs } from './config-fields.ts'
import { namingFields } from './connection.ts'
import { errorResponse, listPage, success } from './responses.ts'
import type { FivetranService } from './services.ts'
import type { FivetranState } from './state.ts'

/** The catalogue. `/public/…` requires no credentials. */
export function metadataRoutes(state: FivetranState): Record<string, Route> {
  const list: Route = (request) => listPage(state.services, request, (service) => summary(state, service))
  return {
    'GET /v1/metadata/connector-types': list,
    'GET /public/connector-types': list,
    'GET /v1/metadata/connector-types/:service': (_request, key) => {
      const service = state.service(key)
      if (service === undefined)
        return errorResponse(404, 'NotFound', `Connector type '${key}' does not exist.`)
      return success({ ...summary(state, service), ...details(service) })
    },
  }
}

function summary({ context }: FivetranState, { key, name, type, oauth }: FivetranService): object {
  const features = ['API_CONFIGURABLE', ...(oauth ? ['AUTHORIZATION_VIA_API'] : [])]
  return {
    id: key,
    name,
    type,
    description: `Loads ${name} data into your destination.`,
    icon_url: context.pageUrl(`/fivetran/icons/${key}.svg`),
    icons: [],
    link_to_docs: 'https://fivetran.com/docs/connectors',
    connector_class: 'standard',
    supported_features: features.map((id) => ({ id, notes: '' })),
    service_status: 'general_availability',
    service_status_updated_at: '2024-01-01',
  }
}

function details({ key, name, family, oauth }: FivetranService): object {
  const text = (title: string) => ({ type: 'string', title, readonly: false })
  const fields = namingFields(family)
  const config = {
    type: 'object',
    title: `${name} config object`,
    readonly: false,
    properties: {
      ...Object.fromEntries(fields.map((field) => [field, text(field.replaceAll('_', ' '))])),
      ...fivetranConfigs[key],
    },
    required: fields,
  }
  if (!oauth) return { config }
  const properties = { refresh_token: text('Refresh token') }
  return { config, auth: { type: 'object', readonly: false, properties } }
}
