import type { Encryption } from '../../store/encryption.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { encryptionContext } from './link-url.ts'
import { isEnded } from './status.ts'

/** How a link turned out, as the application is told with the returning browser. */
export type ReturnStatus = 'success' | 'failed' | 'pending'

export const returnStatusOf = ({ status }: Pick<ConnectLinkRow, 'status'>): ReturnStatus => {
  if (status === 'COMPLETED') return 'success'
  return isEnded(status) ? 'failed' : 'pending'
}

/** Where the application wants its end user; `null`: it named no address. */
export function applicationReturnUrl(
  link: ConnectLinkRow,
  secrets: Encryption,
  hasFailed: boolean,
): string | null {
  const column = hasFailed ? 'error-redirect' : 'redirect'
  const sealed = hasFailed ? link.errorRedirectUriEncrypted : link.redirectUriEncrypted
  return sealed && secrets.decrypt(sealed, encryptionContext(link.id, column))
}
