import type { Secrets } from '../../store/encryption.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { sealPlace } from './link-url.ts'
import { isEnded } from './status.ts'

/** How a link turned out, as the application is told with the returning browser. */
export type Outcome = 'success' | 'failed' | 'pending'

export const outcomeOf = ({ status }: Pick<ConnectLinkRow, 'status'>): Outcome => {
  if (status === 'COMPLETED') return 'success'
  return isEnded(status) ? 'failed' : 'pending'
}

/** Where the application wants its end user; `null`: it named no address. */
export function applicationAddress(
  link: ConnectLinkRow,
  secrets: Secrets,
  hasFailed: boolean,
): string | null {
  const column = hasFailed ? 'error-redirect' : 'redirect'
  const sealed = hasFailed ? link.error_redirect_sealed : link.redirect_sealed
  return sealed && secrets.open(sealed, sealPlace(link.id, column))
}
