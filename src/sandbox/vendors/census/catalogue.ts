import type { Route } from '../../router.ts'
import { errorResponse, listPage, success } from './responses.ts'
import type { CensusState } from './state.ts'
import type { CensusType, Kind } from './types.ts'

const paths: Readonly<Record<Kind, string>> = {
  destination: '/api/v1/connectors',
  source: '/api/v1/source_types',
  activation: '/api/v2/activation_types',
}

/** The connector catalogue of one kind. Census returns no icons, categories or descriptions. */
export function catalogueRoutes(state: CensusState, kind: Kind): Record<string, Route> {
  const path = paths[kind]
  const render = kind === 'source' ? renderSourceType : renderDestinationType
  return {
    [`GET ${path}`]: (request) => listPage(state.types(kind), request, render),
    [`GET ${path}/:serviceName`]: (_request, serviceName) => {
      const type = state.type(kind, serviceName)
      return type === undefined ? errorResponse(404) : success(render(type))
    },
  }
}

function renderSourceType(type: CensusType): object {
  return {
    ...renderType(type, ['required']),
    supported_sync_engines: type.advancedSync ? ['basic', 'advanced'] : ['basic'],
    supports_warehouse_writeback: type.advancedSync,
  }
}

function renderDestinationType(type: CensusType): object {
  return { ...renderType(type, 'required'), auth_method: type.authMethod }
}

/** `rules` is a list for source types in Census' own client, and a string for destination types in the documentation. */
function renderType(
  { documentationSlug, label, serviceName, authMethod, creatableViaConnectLink }: CensusType,
  rules: string | readonly string[],
): object {
  const usesApiKey = authMethod === 'credentials'
  return {
    documentation_slug: documentationSlug,
    label,
    service_name: serviceName,
    creatable_via_api: usesApiKey,
    creatable_via_connect_link: creatableViaConnectLink,
    configuration_fields: { fields: usesApiKey ? [{ ...apiKeyField, rules }] : [] },
  }
}

const apiKeyField = {
  id: 'api_key',
  label: 'API key',
  type: 'string',
  placholder: '', // sic, as the API returns it: developers.getcensus.com/api-reference/connectors
  is_password_type_field: true,
  input_type: 'textbox',
}
