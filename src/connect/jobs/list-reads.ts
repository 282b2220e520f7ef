import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { countListedLinks } from '../../store/list-checks.ts'
import type { ConnectContext } from '../context.ts'
import { checkByList, listedLinksRequest } from './check-by-list.ts'
import type { PollBudget } from './poll-budget.ts'

/** Fewer due links are read one by one, whatever the list takes. */
const minLinks = 50
const retryMs = 5_000
/** A read answers for many links: those that are due soon after it wait for the next one, or are read one by one. */
const minIntervalMs = 30_000
const retryAfterFailureMs = 60_000
/** A list that takes more calls than the quota of this time is not read for the sake of links. */
const maxQuotaMinutes = 5

export interface ListReads {
  /**
   * Starts to read the account's list of connections if it is not being read, and if it takes fewer calls than reading all
   * due links. Links of which the list does not show that they are still open are passed to `check`, as far as the quota
   * allows; the others stay due.
   */
  startIfCheaper(account: ConfiguredProvider): Promise<void>
}

export interface ListReadOptions {
  readonly budget: PollBudget
  check(account: ConfiguredProvider, ids: readonly string[]): Promise<void>
}

export function createListReads(context: ConnectContext, { budget, check }: ListReadOptions): ListReads {
  const { db, now } = context
  /** Calls of the last read of the list; the first one is made to learn them. */
  let calls = 0
  let notBefore = 0
  let isReading = false

  const wait = (ms: number) => {
    notBefore = now().getTime() + ms
  }

  async function read(account: ConfiguredProvider): Promise<void> {
    const list = await context.connectionSyncs.sync(account)
    // The end of a list may take a call more than it has pages. A failed read has taken an unknown part of the quota.
    calls = list ? list.pages + 1 : calls
    budget.spend({ active: 0, other: list ? calls : account.capabilities.pollsPerMinute / 2 })
    // An unreadable row may be the connection of any link.
    if (list === undefined || list.skipped > 0) return wait(retryAfterFailureMs)
    await check(account, await checkByList(context, account, list))
  }

  return {
    async startIfCheaper(account) {
      const { checkedByList, pollsPerMinute } = account.capabilities
      if (checkedByList.length === 0 || isReading || !budget.allowsList || now().getTime() < notBefore) return
      if (calls > maxQuotaMinutes * pollsPerMinute) return
      const limit = Math.max(minLinks, calls)
      const due = await countListedLinks(db, listedLinksRequest(context, account, now()), limit + 1)
      if (due <= limit) return wait(retryMs)
      isReading = true
      wait(minIntervalMs)
      context.background(
        'check links by list',
        read(account).finally(() => {
          isReading = false
        }),
      )
    },
  }
}
