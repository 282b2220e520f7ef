import { readData } from '../../data.ts'

/** An app of the sandbox's Pipedream catalogue. */
export interface PipedreamApp {
  /** `name_slug`: what joins accounts to apps, since ids of one app differ from place to place. */
  readonly slug: string
  readonly name: string
  readonly authType: 'oauth' | 'keys' | 'none'
  readonly category: string
  readonly featuredWeight: number
  readonly description: string
}

/** Every app of the sandbox, most featured first. Slugs as on pipedream.com/apps; weights only order the list, descriptions are our own. */
export const pipedreamApps = readData<readonly PipedreamApp[]>('pipedream-apps')
