import type { Database } from './database.ts'
import { lockLink } from './link-history.ts'
import type { LinkBrowserRow } from './schema.ts'

/** More browsers than that are not stored: anyone who has the URL can add one. */
const maxBrowsers = 20

type BrowserSignal = Pick<LinkBrowserRow, 'linkId' | 'browserHash'> &
  Partial<Pick<LinkBrowserRow, 'claimed' | 'openedAt' | 'returnedAt'>>

/** Records what a browser did with a link, and locks the link until the transaction ends. */
export async function recordBrowser(
  transaction: Database,
  { linkId, browserHash, ...signal }: BrowserSignal,
): Promise<void> {
  // A decision about the link waits for this one, or is made after it.
  await lockLink(transaction, linkId)
  const known = await findBrowsers(transaction, linkId)
  if (known.length >= maxBrowsers && !known.some((browser) => browser.browserHash === browserHash)) return
  await transaction
    .insertInto('linkBrowsers')
    .values({ linkId, browserHash, claimed: false, openedAt: null, returnedAt: null, ...signal })
    .onConflict((conflict) => conflict.columns(['linkId', 'browserHash']).doUpdateSet(signal))
    .execute()
}

export function findBrowsers(db: Database, linkId: string): Promise<readonly LinkBrowserRow[]> {
  return db.selectFrom('linkBrowsers').selectAll().where('linkId', '=', linkId).execute()
}
