import type { ExternalAccount } from './adapter.ts'

/** What a provider shows of an account; blanks say nothing. */
export interface AccountFields {
  readonly id?: string | number | null | undefined
  readonly name?: string | number | null | undefined
}

/** An account as far as its provider shows it. Where it shows no id, the name is what tells it apart. */
export function toExternalAccount(shown: AccountFields): ExternalAccount | null {
  const name = filled(shown.name)
  const email = name !== null && isAddress(name) ? name : null
  const id = filled(shown.id) ?? name
  return id === null ? null : { id, name, email }
}

const filled = (text: string | number | null | undefined) => String(text ?? '').trim() || null

/** Many applications call an account by the address that it signs in with. */
const isAddress = (text: string) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)
