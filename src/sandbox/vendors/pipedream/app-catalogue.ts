import { createHash } from 'node:crypto'
import { padList, pick, syntheticConnector } from '../../synthetic-rows.ts'
import { type PipedreamApp, pipedreamApps } from './app-list.ts'

/** The apps, padded to `total`, most featured first. */
export function createAppCatalogue(total: number) {
  const list = padList(pipedreamApps, total, syntheticApp)
  const bySlug = new Map(list.map((app) => [app.slug, app]))
  const byId = new Map(list.map((app) => [appId(app), app]))
  return { list, find: (slugOrId: string) => bySlug.get(slugOrId) ?? byId.get(slugOrId) }
}

export function appId(app: PipedreamApp): string {
  return shortId('app', app.slug)
}

/** An id in Pipedream's manner, `app_OkrhR1`, that is the same for the same words. */
export function shortId(prefix: string, words: string): string {
  const digest = createHash('sha1').update(`${prefix} ${words}`).digest('base64')
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
