import type { ExternalAccount } from './adapter.ts'

/** The fields of an account in a provider's response. Blank values count as absent. */
export interface AccountFields {
  readonly id?: string | number | null | undefined
  readonly name?: string | number | null | undefined
}

/** Without an ID, the name is used as the ID. Returns `null` if the provider returned neither. */
export function toExternalAccount(fields: AccountFields): ExternalAccount | null {
  const name = trimToNull(fields.name)
  const email = name !== null && isEmail(name) ? name : null
  const id = trimToNull(fields.id) ?? name
  return id === null ? null : { id, name, email }
}

const trimToNull = (text: string | number | null | undefined) => String(text ?? '').trim() || null

/** Many applications name an account by the email address that it signs in with. */
const isEmail = (text: string) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)
