import type { ProviderKey } from './provider-key.ts'

/** What goes on at a suspended provider. */
export const suspensionReads = ['CONTINUE', 'STOP'] as const
export type SuspensionReads = (typeof suspensionReads)[number]

/** Connects nothing at a provider until it is resumed. */
export interface Suspension {
  readonly id: string
  readonly provider: ProviderKey
  /** Only this account; `null`: all accounts at the provider. */
  readonly accountKey: string | null
  readonly reads: SuspensionReads
}
