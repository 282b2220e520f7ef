/**
 * Schemes that never open an application of the caller: those of browsers and of operating systems, which run code, read
 * files, start other programs or have origins of their own.
 */
const reserved = new Set(
  `about android-app blob callto chrome chrome-extension content data facetime feed file filesystem ftp ftps
  geo http https imap intent itms itms-apps jar javascript ldap ldaps livescript mailto market mhtml mk
  moz-extension opera pop resource safari-web-extension search search-ms sftp shell sip sips sms smsto smb ssh tel
  telnet vbscript view-source webcal ws wss x-javascript`.split(/\s+/),
)

/**
 * The scheme, such as "myapp:", of an entry "myapp:" or "myapp://" in a list of origins; `null` for other texts and for
 * schemes that no application should be reached by.
 */
export function privateScheme(entry: string): string | null {
  const scheme = /^([a-z][a-z0-9+.-]{1,99}):(\/\/)?$/.exec(entry)?.[1]
  return scheme === undefined || !isPrivate(scheme) ? null : `${scheme}:`
}

/** Windows hands each "ms-…" scheme to one of its own programs. */
const isPrivate = (scheme: string) => !reserved.has(scheme) && !scheme.startsWith('ms-')
