import type { ConnectLinkRow } from '../../store/schema.ts'

/** The application in texts for end users. */
export interface ApplicationName {
  /** `null`: not configured. Texts then have neutral words in its place. */
  readonly application: string | null
}

/** What a link connects with whom, in words for the end user. */
export interface Names extends ApplicationName {
  /** Display name of the end user, else the email address; `null`: neither is known. An ID is not shown. */
  readonly endUser: string | null
  readonly connector: string
  readonly provider: string
}

const maxLength = 60

export const endUserNameOf = ({
  endUserName,
  endUserEmail,
}: Pick<ConnectLinkRow, 'endUserName' | 'endUserEmail'>): string | null => {
  const name = endUserName ?? endUserEmail
  return name === null ? null : shorten(name)
}

/** By code points, so that no character is cut in half. */
export function shorten(text: string): string {
  const characters = [...text.trim()]
  return characters.length <= maxLength
    ? characters.join('')
    : `${characters.slice(0, maxLength - 1).join('')}…`
}
