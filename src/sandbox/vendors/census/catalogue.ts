import type { Route } from '../../router.ts'
import { listPage, refusal, success } from './responses.ts'
import type { Kind, Ledger } from './state.ts'
import type { CensusType } from './types.ts'

const paths: Readonly<Record<Kind, string>> = {
  destination: '/api/v1/connectors',
  source: '/api/v1/source_types',
  activation: '/api/v2/activation_types',
}

/** What can be connected. There are no icons, categories or descriptions in it. */
export function catalogueRoutes(ledger: Ledger, kind: Kind): Record<string, Route> {
  const path = paths[kind]
  const render = kind === 'source' ? renderSourceType : renderDestinationType
  return {
    [`GET ${path}`]: (request) => listPage(ledger.types(kind), request, render),
    [`GET ${path}/:serviceName`]: (_request, serviceName) => {
      const type = ledger.type(kind, serviceName)
      return type === undefined ? refusal(404) : success(render(type))
    },
  }
}

function renderSourceType(type: CensusType): object {
  return {
    ...renderType(type),
    supported_sync_engines: type.advancedSync ? ['basic', 'advanced'] : ['basic'],
    supports_warehouse_writeback: type.advancedSync,
  }
}

function renderDestinationType(type: CensusType): object {
  return { ...renderType(type), auth_method: type.authMethod }
}

function renderType({
  documentationSlug,
  label,
  serviceName,
  authMethod,
  creatableViaConnectLink,
}: CensusType): object {
  const byKey = authMethod === 'credentials'
  return {
    documentation_slug: documentationSlug,
    label,
    service_name: serviceName,
    creatable_via_api: byKey,
    creatable_via_connect_link: creatableViaConnectLink,
    configuration_fields: { fields: byKey ? [apiKeyField] : [] },
  }
}

const apiKeyField = {
  id: 'api_key',
  rules: 'required',
  label: 'API key',
  type: 'string',
  placholder: '', // spelled this way on the wire: developers.getcensus.com/api-reference/connectors
  is_password_type_field: true,
  input_type: 'textbox',
}
