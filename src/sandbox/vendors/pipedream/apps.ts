import type { Route } from '../../router.ts'
import { appId, shortId } from './app-catalogue.ts'
import type { PipedreamApp } from './app-list.ts'
import { allowCallers } from './callers.ts'
import { paginate } from './paging.ts'
import type { PipedreamStore } from './state.ts'

export function appRoutes(store: PipedreamStore): Record<string, Route> {
  const guarded = (run: Route) => allowCallers(store, ['oauth', 'connectToken'], (_, ...rest) => run(...rest))
  const list = guarded(({ query }) => {
    const { rows, page_info } = paginate(selectApps(store.apps.list, query), (app) => app.slug, query)
    return { status: 200, body: { page_info, data: rows.map(appJson) } }
  })
  const one = guarded((_, slugOrId = '') => {
    const app = store.apps.find(slugOrId)
    // Wrapped in `data`, unlike an account: pipedream.com/docs/connect/api-reference/retrieve-app
    return app === undefined ? notFound : { status: 200, body: { data: appJson(app) } }
  })
  const categories = categoriesOf(store.apps.list)
  const allCategories = guarded(() => ({ status: 200, body: categories }))
  const oneCategory = guarded((_, id) => {
    const category = categories.find((known) => known.id === id)
    return category === undefined ? notFound : { status: 200, body: category }
  })
  return {
    'GET /v1/connect/apps': list,
    'GET /v1/apps': list,
    'GET /v1/connect/apps/:app': one,
    'GET /v1/apps/:app': one,
    'GET /v1/connect/app_categories': allCategories,
    'GET /v1/app_categories': allCategories,
    'GET /v1/connect/app_categories/:id': oneCategory,
    'GET /v1/app_categories/:id': oneCategory,
  }
}

export const notFound = { status: 404, body: { error: 'record not found' } }

/** An app as the catalogue answers it. */
export function appJson(app: PipedreamApp) {
  const id = appId(app)
  return {
    id,
    name_slug: app.slug,
    name: app.name,
    auth_type: app.authType,
    description: app.description,
    img_src: `https://assets.pipedream.net/s.v0/${id}/logo/orig`,
    custom_fields_json: app.authType === 'keys' ? keyFields : '[]', // JSON inside a string, as documented
    categories: [app.category],
    featured_weight: app.featuredWeight,
    // In real answers, though in no published schema.
    connect: { proxy_enabled: app.authType !== 'none', allowed_domains: [], base_proxy_target_url: '' },
  }
}

const keyFields = JSON.stringify([
  { name: 'api_key', label: 'API Key', description: '', default: '', optional: false, type: 'password' },
])

function selectApps(apps: readonly PipedreamApp[], query: URLSearchParams): readonly PipedreamApp[] {
  const words = query.get('q')?.toLowerCase() ?? ''
  // Clients repeat the key; `[]` is the older spelling of the same.
  const wanted = [...query.getAll('category_ids'), ...query.getAll('category_ids[]')]
  const matching =
    words === '' && wanted.length === 0
      ? apps
      : apps.filter(
          (app) =>
            `${app.slug} ${app.name}`.toLowerCase().includes(words) &&
            (wanted.length === 0 || wanted.includes(categoryId(app.category))),
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
