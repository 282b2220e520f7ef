import { z } from 'zod'
import { type InputIssue, InvalidInputError } from '../../domain/errors.ts'
import type { ProviderKey } from '../../domain/provider-key.ts'
import type { Environment } from '../../providers/definition.ts'
import type { OwnAccounts, ParsedAccount } from '../../providers/own-accounts.ts'
import type { Encryption } from '../../store/encryption.ts'
import type { ProviderAccountRow } from '../../store/schema.ts'

/** A setting as given by a caller. */
export interface SettingInput {
  /** A variable of the provider, with or without the provider's prefix. */
  readonly name: string
  readonly value: string
}

export type ValidAccount = Extract<ParsedAccount, { readonly ok: true }>

export interface ValidSettings {
  readonly settings: Environment
  readonly account: ValidAccount
}

/** Credentials are sent in headers, and account IDs are path segments (never "..") and parts of indexed keys. */
const isUsable = (value: string) => /^[\x21-\x7e]{1,1000}$/.test(value) && !/^\.\.?$/.test(value)

/**
 * Validates the settings of an account; those that are not given stay as in `current`. Throws InvalidInputError with all
 * issues, whose paths start with `path`. No message contains a value.
 */
export function validateSettings(
  ownAccounts: OwnAccounts,
  input: {
    readonly provider: ProviderKey
    readonly given: readonly SettingInput[]
    readonly current?: Environment
  },
  path: readonly string[],
): ValidSettings {
  const { provider, given, current = {} } = input
  const known = ownAccounts.variables(provider)
  const named = given.map(({ name, value }) => ({ variable: variableOf(known, provider, name), value }))
  const issues = named.flatMap(({ variable, value }, index) =>
    problemsOf(
      { variable, value, isRepeated: named.findIndex((one) => one.variable === variable) < index },
      known,
    ).map(([field, message]) => ({ path: [...path, String(index), field], message })),
  )
  if (issues.length > 0) throw new InvalidInputError(issues)
  const settings = {
    ...current,
    ...Object.fromEntries(named.map(({ variable, value }) => [variable, value])),
  }
  const account = ownAccounts.parse(provider, settings)
  if (account.ok) return { settings, account }
  throw new InvalidInputError(
    account.problems.map(({ variable, message }): InputIssue => {
      const index = named.findIndex((one) => one.variable === variable)
      return index < 0
        ? { path, message: `${variable} ${message}` }
        : { path: [...path, String(index), 'value'], message }
    }),
  )
}

/** The variable with that name; `undefined`: an account may not set it. */
const variableOf = (known: readonly string[], provider: ProviderKey, name: string) =>
  known.find((variable) => variable === name || variable === `${provider}_${name}`)

interface NamedSetting {
  readonly variable: string | undefined
  readonly value: string
  readonly isRepeated: boolean
}

function problemsOf(
  { variable, value, isRepeated }: NamedSetting,
  known: readonly string[],
): readonly (readonly ['name' | 'value', string])[] {
  if (variable === undefined) return [['name', `must be one of ${known.join(', ')}`]]
  if (isRepeated) return [['name', 'must not be given twice']]
  return isUsable(value)
    ? []
    : [
        [
          'value',
          'must consist of 1 to 1000 printable ASCII characters without spaces, and not be a path such as ".."',
        ],
      ]
}

type Stored = Pick<ProviderAccountRow, 'id' | 'settingsEncrypted'>

/** The columns with the settings of the account with that ID. */
export const settingsColumns = (encryption: Encryption, id: string, settings: Environment) => ({
  settingsEncrypted: encryption.encrypt(JSON.stringify(settings), encryptionContext(id)),
  settingNames: Object.keys(settings).toSorted(),
})

const storedSettings = z.record(z.string(), z.string())

/** Throws if the encryption key is unknown. */
export const decryptSettings = (encryption: Encryption, { id, settingsEncrypted }: Stored): Environment =>
  storedSettings.parse(JSON.parse(encryption.decrypt(settingsEncrypted, encryptionContext(id))))

/** The ciphertext decrypts only in the row of its account. */
const encryptionContext = (id: string) => `provider-account/${id}/settings`
