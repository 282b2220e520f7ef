import { createGeneratedConnections, dateInPastYear, pick } from '../../synthetic-rows.ts'
import type { SandboxContext } from '../../vendor.ts'
import type { Account, Environment } from './types.ts'

/** Accounts that other programs of the same project created: generated, not stored. */
export function createGeneratedAccounts(
  context: SandboxContext,
  apps: readonly { readonly slug: string; readonly name: string }[],
) {
  const accountsIn = (environment: Environment) =>
    createGeneratedConnections(context, (index, stateCreatedAt): Account => {
      const createdAt = dateInPastYear(stateCreatedAt, index).toISOString()
      const app = apps[index % apps.length]
      return {
        id: `apn_0${environment.slice(0, 1)}${String(index).padStart(6, '0')}`,
        environment,
        externalId: `outside_user_${1 + (index % 500)}`,
        slug: app?.slug ?? '',
        oauthAppId: null,
        name: `${app?.name} ${index}`,
        healthy: pick([true, true, false, false], index),
        dead: pick([null, null, null, true], index),
        createdAt,
        updatedAt: createdAt,
      }
    })
  const accounts = { development: accountsIn('development'), production: accountsIn('production') }
  return (environment: Environment) => accounts[environment]()
}
