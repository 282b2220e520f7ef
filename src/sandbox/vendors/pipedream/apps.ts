import type { Route } from '../../router.ts'
import { appId, shortId } from './app-catalogue.ts'
import type { PipedreamApp } from './app-list.ts'
import { allowCallers } from './callers.ts'
import { paginate } from './paging.ts'
import type { PipedreamState } from './state.ts'

export function appRoutes(state: PipedreamState): Record<string, Route> {
  const authenticated = (run: Route) =>
    allowCallers(state, ['oauth', 'connectToken'], (_, ...rest) => run(...rest))
  const listApps = authenticated(({ query }) => {
    const { rows, page_info } = paginate(selectApps(state.apps.list, query), (app) => app.slug, query)
    return { status: 200, body: { page_info, data: rows.map((app) => appJson(state, app)) } }
  })
  const getApp = authenticated((_, slugOrId = '') => {
    const app = state.apps.find(slugOrId)
    // Wrapped in `data`, unlike an account: pipedream.com/docs/connect/api-reference/retrieve-app
    return app === undefined ? notFound : { status: 200, body: { data: appJson(state, app) } }
  })
  const categories = categoriesOf(state.apps.list)
  const listCategories = authenticated(() => ({ status: 200, body: categories }))
  const getCategory = authenticated((_, id) => {
    const category = categories.find((known) => known.id === id)
    return category === undefined ? notFound : { status: 200, body: category }
  })
  return {
    'GET /v1/connect/apps': listApps,
    'GET /v1/apps': listApps,
    'GET /v1/connect/apps/:app': getApp,
    'GET /v1/apps/:app': getApp,
    'GET /v1/connect/app_categories': listCategories,
    'GET /v1/app_categories': listCategories,
    'GET /v1/connect/app_categories/:id': getCategory,
    'GET /v1/app_categories/:id': getCategory,
  }
}

export const notFound = { status: 404, body: { error: 'record not found' } }

/** An app as the catalogue returns it. */
export function appJson({ context }: PipedreamState, app: PipedreamApp) {
  const id = appId(app)
  return {
    id,
    name_slug: app.slug,
    name: app.name,
    auth_type: app.authType,
    description: app.description,
    // A real one is below https://assets.pipedream.net; this one is there offline too.
    img_src: context.pageUrl(`/pipedream/logos/${app.slug}.svg`),
    custom_fields_json: app.authType === 'keys' ? keyFields : '[]', // JSON inside a string, as documented
    categories: [app.category],
    featured_weight: app.featuredWeight,
    // Present in real responses, but in no published schema.
    connect: { proxy_enabled: app.authType !== 'none', allowed_domains: [], base_proxy_target_url: '' },
  }
}

const keyFields = JSON.stringify([
  { name: 'api_key', label: 'API Key', description: '', default: '', optional: false, type: 'password' },
])

function selectApps(apps: readonly PipedreamApp[], query: URLSearchParams): readonly PipedreamApp[] {
  const searchText = query.get('q')?.toLowerCase() ?? ''
  // Clients repeat the parameter; `category_ids[]` is the older name.
  const categoryIds = [...query.getAll('category_ids'), ...query.getAll('category_ids[]')]
  const matching =
    searchText === '' && categoryIds.length === 0
      ? apps
      : apps.filter(
          (app) =>
            `${app.slug} ${app.name}`.toLowerCase().includes(searchText) &&
            (categoryIds.length === 0 || categoryIds.includes(categoryId(app.category))),
        )
  return sortApps(matching, query)
}

function sortApps(apps: readonly PipedreamApp[], query: URLSearchParams): readonly PipedreamApp[] {
  const key = query.get('sort_key')
  const direction = query.get('sort_direction')
  if (key !== 'name' && key !== 'name_slug') return direction === 'asc' ? apps.toReversed() : apps
  const value = (app: PipedreamApp) => (key === 'name' ? app.name.toLowerCase() : app.slug)
  const sorted = apps.toSorted((a, b) => (value(a) < value(b) ? -1 : 1))
  return direction === 'desc' ? sorted.reverse() : sorted
}

function categoriesOf(apps: readonly PipedreamApp[]) {
  const names = [...new Set(apps.map((app) => app.category))].sort()
  return names.map((name) => ({ id: categoryId(name), name, description: null }))
}

function categoryId(name: string): string {
  return shortId('appcat', name)
}
