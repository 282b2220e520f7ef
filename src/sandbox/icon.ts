import type { SandboxResponse } from './http-types.ts'

/** The logo of an application: its first letter on a colour that follows from its name. 404 without a letter. */
export function renderIcon(name: string): SandboxResponse {
  const letter = name.match(/[a-z0-9]/i)?.[0]?.toUpperCase()
  if (letter === undefined) return { status: 404 }
  const body = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><rect width="40" height="40" rx="9" \
fill="hsl(${hueOf(name)} 55% 38%)"/><text x="20" y="27" font-family="sans-serif" font-size="20" text-anchor="middle" \
fill="#fff">${letter}</text></svg>`
  return { status: 200, headers: { 'content-type': 'image/svg+xml', 'cache-control': 'max-age=86400' }, body }
}

/** Equal for names that differ in case only, so that the vendors' logos of an application are alike. */
const hueOf = (name: string): number =>
  [...name.toLowerCase()].reduce((hash, character) => (hash * 31 + (character.codePointAt(0) ?? 0)) % 360, 7)
