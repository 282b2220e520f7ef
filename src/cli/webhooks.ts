import type { Config } from '../app/config.ts'
import { createProviders } from '../app/create-context.ts'
import { createLog } from '../app/log.ts'
import { webhookAddress } from '../connect/webhooks/webhook-address.ts'
import { GatewayError } from '../domain/errors.ts'
import { detached } from '../http/http-types.ts'
import { createEncryption } from '../store/encryption.ts'
import { CommandError } from './command-error.ts'
import { gatewayKeys } from './dev-keys.ts'
import { publicUrlOf, runningSandbox } from './serve.ts'

/**
 * Has a provider report to this gateway, which must be running: providers try the address. Nothing is stored, since address
 * and signing secret follow from the encryption key; repeating the command changes nothing.
 */
export async function registerWebhook(config: Config, name: string | undefined): Promise<string> {
  const sandbox = await runningSandbox(config)
  const { providers, close } = createProviders({ config, log: createLog('silent'), sandbox })
  // Whatever happens, the connections to the providers are closed.
  try {
    const provider = providers.configured.find(({ key }) => key.toLowerCase() === name?.toLowerCase())
    if (provider === undefined) {
      const known = providers.configured.map(({ key }) => key.toLowerCase())
      throw new CommandError(
        `Name a provider that is configured or runs in the sandbox: ${known.join(', ') || 'none is'}.`,
      )
    }
    if (provider.adapter.registerWebhook === undefined) {
      throw new CommandError(
        `${provider.name} needs no webhook of its own: it has none, or reports to each link's address.`,
      )
    }
    const publicUrl = publicUrlOf(config, config.port)
    if (!provider.sandbox && publicUrl.protocol !== 'https:') {
      throw new CommandError(
        `${provider.name} reports to https addresses only: set PUBLIC_URL to the gateway's own.`,
      )
    }
    const { encryptionKey } = gatewayKeys(config)
    const secrets = createEncryption(encryptionKey, config.oldEncryptionKeys)
    const address = webhookAddress({ encryption: secrets, publicUrl }, provider)
    await provider.adapter.registerWebhook(address, detached()).catch(explain)
    return `${provider.name} now reports to ${publicUrl.origin}.`
  } finally {
    await close()
  }
}

/** The usual reason is that the gateway does not run, or cannot be reached from there. */
function explain(error: unknown): never {
  if (!(error instanceof GatewayError)) throw error
  throw new CommandError(`${error.message} Does the gateway run, and can it be reached at its PUBLIC_URL?`)
}
