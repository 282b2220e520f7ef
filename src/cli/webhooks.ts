import type { Config } from '../app/config.ts'
import { createProviders } from '../app/create-providers.ts'
import { createLog } from '../app/log.ts'
import { webhookAddress } from '../connect/webhooks/webhook-address.ts'
import { GatewayError } from '../domain/errors.ts'
import { operation } from '../http/http-types.ts'
import { createEncryption } from '../store/encryption.ts'
import { CommandError } from './command-error.ts'
import { gatewayKeys } from './dev-keys.ts'
import { publicUrlOf } from './public-url.ts'
import { runningSandbox } from './use-sandbox.ts'

/**
 * Registers the gateway's webhook URL at a provider. The gateway must be running, since providers send a test request
 * to the URL. Nothing is stored: URL and signing secret are derived from the encryption key. Idempotent. Returns
 * the provider, the origin of the URL, whose path is secret, and settings that the gateway needs. Throws CommandError.
 */
export async function registerWebhook(config: Config, providerName: string | undefined) {
  const sandbox = await runningSandbox(config)
  const { providers, close } = createProviders({ config, log: createLog('silent'), sandbox })
  // The connections to the providers are closed even after an error.
  try {
    const provider = providers.configured.find(({ key }) => key.toLowerCase() === providerName?.toLowerCase())
    if (provider === undefined) {
      const known = providers.configured.map(({ key }) => key.toLowerCase())
      throw new CommandError(
        `Specify a provider that is configured or runs in the sandbox: ${known.join(', ') || 'there is none'}.`,
      )
    }
    if (provider.adapter.registerWebhook === undefined) {
      throw new CommandError(
        `${provider.name} needs no webhook registration: it has no webhooks, or sends them to the URL of each link.`,
      )
    }
    const publicUrl = publicUrlOf(config, config.port)
    if (!provider.sandbox && publicUrl.protocol !== 'https:') {
      throw new CommandError(
        `${provider.name} sends webhooks to https URLs only: set PUBLIC_URL to the gateway's https URL.`,
      )
    }
    const { encryptionKey } = gatewayKeys(config)
    const encryption = createEncryption(encryptionKey, config.oldEncryptionKeys)
    const address = webhookAddress({ encryption, publicUrl }, provider)
    const settings = await provider.adapter.registerWebhook(address, operation()).catch(rethrowWithHint)
    const { key, name, sandbox: isSandbox } = provider
    // The sandbox is configured with its own values.
    return { key, name, origin: publicUrl.origin, settings: isSandbox ? {} : settings }
  } finally {
    await close()
  }
}

/** The usual cause is that the gateway is not running, or that the provider cannot reach it. */
function rethrowWithHint(error: unknown): never {
  if (!(error instanceof GatewayError)) throw error
  throw new CommandError(`${error.message} Is the gateway running and reachable at its PUBLIC_URL?`)
}
