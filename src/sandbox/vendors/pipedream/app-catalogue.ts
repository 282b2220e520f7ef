import { createHash } from 'node:crypto'
import { padToCount, pick, syntheticConnector } from '../../synthetic-rows.ts'
import { type PipedreamApp, pipedreamApps } from './app-list.ts'

/** The apps in order of featured weight, highest first, padded to `total` with synthetic ones. */
export function createAppCatalogue(total: number) {
  const list = padToCount(pipedreamApps, total, syntheticApp)
  const bySlug = new Map(list.map((app) => [app.slug, app]))
  const byId = new Map(list.map((app) => [appId(app), app]))
  return { list, find: (slugOrId: string) => bySlug.get(slugOrId) ?? byId.get(slugOrId) }
}

export function appId(app: PipedreamApp): string {
  return shortId('app', app.slug)
}

/** An ID in Pipedream's format, e.g. `app_OkrhR1`, derived from a hash of `name`. */
export function shortId(prefix: string, name: string): string {
  const digest = createHash('sha1').update(`${prefix} ${name}`).digest('base64')
  return `${prefix}_${digest.replace(/[^a-zA-Z0-9]/g, '').slice(0, 6)}`
}

function syntheticApp(index: number): PipedreamApp {
  const { key, name } = syntheticConnector(index)
  return {
    slug: key,
    name,
    authType: pick(['oauth', 'keys', 'none'], index),
    category: 'Other',
    featuredWeight: 0,
    description: 'An app for load tests',
  }
}
