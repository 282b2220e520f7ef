/** IDs of links that were open when this page last read them, by what they connect. */
const known = new Map<string, string>()

/** As after a reload of the page, for tests. */
export const forgetInMemory = (): void => known.clear()

/** The ID that is remembered for the target, also by this tab before a reload; `undefined`: there is none. */
export async function recallLink(target: string): Promise<string | undefined> {
  return known.get(target) ?? (await inStorage(target, (name) => sessionStorage.getItem(name))) ?? undefined
}

/** Remembers the ID in place of an earlier one; `undefined` only forgets that. */
export async function rememberLink(target: string, id: string | undefined): Promise<void> {
  known.delete(target)
  if (id !== undefined) known.set(target, id)
  await inStorage(target, (name) =>
    id === undefined ? sessionStorage.removeItem(name) : sessionStorage.setItem(name, id),
  )
}

/**
 * Calls `use` with the name of the target's item in the session storage: a hash, because the input of a link can contain
 * credentials. Returns `undefined` where the browser has no storage, or no hashes because the page is not secure.
 */
async function inStorage<T>(target: string, use: (name: string) => T): Promise<T | undefined> {
  try {
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(target))
    return use(`connect-gateway:${btoa(String.fromCharCode(...new Uint8Array(hash)))}`)
  } catch {
    return undefined
  }
}
