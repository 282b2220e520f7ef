import type { Route } from '../../router.ts'
import { notFound, ok, page } from './responses.ts'
import type { ComposioState } from './state.ts'
import { isOAuth, type Toolkit } from './toolkit-list.ts'

/** Routes of the catalogue. */
export function toolkitRoutes(state: ComposioState): Record<string, Route> {
  const { list, find } = state.toolkits
  const categories = [...new Set(list.map(({ category }) => category))]
  return {
    'GET /toolkits': ({ query }) => {
      const search = query.get('search')?.toLowerCase() ?? ''
      const category = query.get('category')
      const found = list.filter(
        (toolkit) =>
          `${toolkit.slug} ${toolkit.name} ${toolkit.description}`.toLowerCase().includes(search) &&
          (category === null || [toolkit.category, categoryName(toolkit.category)].includes(category)),
      )
      const { rows, fields } = page(found, query, [20, 1_000])
      return ok({ items: rows.map((toolkit) => listedToolkit(state, toolkit)), ...fields })
    },
    'GET /toolkits/categories': ({ query }) => {
      const { rows, fields } = page(categories, query, [1_000, 1_000])
      return ok({ items: rows.map((id) => ({ id, name: categoryName(id) })), ...fields })
    },
    'GET /toolkits/:slug': (_request, slug = '') => {
      const toolkit = find(slug)
      return toolkit === undefined ? notFound('Toolkit', slug) : ok(toolkitDetails(state, toolkit))
    },
  }
}

function common(state: ComposioState, { slug, name, category, scheme }: Toolkit) {
  return {
    slug,
    name,
    type: 'native',
    composio_managed_auth_schemes: scheme === 'OAUTH2' ? [scheme] : [],
    is_local_toolkit: false,
    auth_guide_url: null,
    meta: {
      created_at: state.context.stateCreatedAt().toISOString(),
      updated_at: state.context.stateCreatedAt().toISOString(),
      // A real one is below https://logos.composio.dev; this one is there offline too.
      logo: state.context.pageUrl(`/composio/logos/${slug}.svg`),
      app_url: null,
      triggers_count: 0,
      tools_count: 10,
      version: '20261101_00',
      category,
    },
  }
}

/** A toolkit as in the list, where a category has an ID; the details call it a slug. */
function listedToolkit(state: ComposioState, toolkit: Toolkit) {
  const { meta, ...fields } = common(state, toolkit)
  const { category, ...rest } = meta
  return {
    ...fields,
    auth_schemes: [toolkit.scheme],
    no_auth: toolkit.scheme === 'NO_AUTH',
    deprecated: { toolkitId: toolkit.slug },
    meta: {
      ...rest,
      description: toolkit.description,
      categories: [{ id: category, name: categoryName(category) }],
    },
  }
}

function toolkitDetails(state: ComposioState, toolkit: Toolkit) {
  const { meta, ...fields } = common(state, toolkit)
  const { category, ...rest } = meta
  return {
    ...fields,
    enabled: true,
    composio_managed_auth: [],
    auth_config_details: [
      {
        mode: toolkit.scheme,
        name: toolkit.scheme.toLowerCase(),
        auth_hint_url: null,
        fields: {
          auth_config_creation: { required: [], optional: [] },
          connected_account_initiation: initiationFields(toolkit),
        },
      },
    ],
    deprecated: { toolkitId: toolkit.slug, rawProxyInfoByAuthSchemes: [] },
    meta: {
      ...rest,
      description: toolkit.description,
      categories: [{ slug: category, name: categoryName(category) }],
      available_versions: [meta.version],
    },
  }
}

interface Field {
  readonly name: string
  readonly displayName: string
  readonly type: string
  readonly description: string
  readonly required: boolean
  readonly is_secret: boolean
}

/** What the page asks the end user for: nothing with OAuth, except that some applications have a host for each customer. */
export function initiationFields({ slug, name, scheme }: Toolkit): {
  readonly required: readonly Field[]
  readonly optional: readonly Field[]
} {
  const field = (key: string, displayName: string, isSecret: boolean): Field => ({
    name: key,
    displayName,
    type: 'string',
    description: `${displayName} of the account at ${name}`,
    required: true,
    is_secret: isSecret,
  })
  const host = hosts.has(slug) ? [field('subdomain', 'Subdomain', false)] : []
  if (isOAuth({ scheme })) return { required: host, optional: [] }
  if (scheme !== 'BASIC')
    return { required: [...host, field('generic_api_key', 'API Key', true)], optional: [] }
  return {
    required: [...host, field('username', 'User name', false), field('password', 'Password', true)],
    optional: [],
  }
}

/** Applications with a host for each customer. */
const hosts = new Set(['shopify', 'zendesk', 'freshdesk', 'bamboohr', 'activecampaign', 'servicenow'])

const categoryName = (id: string): string => id.replaceAll('-', ' ')
