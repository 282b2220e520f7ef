import type { ConnectLinkRow } from '../../store/schema.ts'

/** Whom and what a link connects, in words for the end user. */
export interface Names {
  /** The calling application (APP_NAME). */
  readonly application: string
  /** Display name of the end user, else the email address; `null`: neither is known. An ID is not shown. */
  readonly endUser: string | null
}

const maxLength = 60

export const namesOf = (
  { appName }: { readonly appName: string },
  { endUserName, endUserEmail }: Pick<ConnectLinkRow, 'endUserName' | 'endUserEmail'>,
): Names => ({ application: shorten(appName), endUser: shortenOrNull(endUserName ?? endUserEmail) })

const shortenOrNull = (text: string | null) => (text === null ? null : shorten(text))

/** By code points, so that no character is cut in half. */
function shorten(text: string): string {
  const characters = [...text.trim()]
  return characters.length <= maxLength
    ? characters.join('')
    : `${characters.slice(0, maxLength - 1).join('')}…`
}

/** "Acme as Ada", or "Acme". */
export const targetOf = ({ application, endUser }: Names): string =>
  endUser === null ? application : `${application} as ${endUser}`
