import { readData } from '../../data.ts'

/** An app of the sandbox's Pipedream catalogue. */
export interface PipedreamApp {
  /** `name_slug`: the key that links accounts to apps, because IDs of one app differ between endpoints. */
  readonly slug: string
  readonly name: string
  readonly authType: 'oauth' | 'keys' | 'none'
  readonly category: string
  readonly featuredWeight: number
  readonly description: string
}

/**
 * Every app of the sandbox, highest featured weight first. Slugs: pipedream.com/apps. Weights only set the order of the
 * list. Descriptions: written for the sandbox.
 */
export const pipedreamApps = readData<readonly PipedreamApp[]>('pipedream-apps')
