import type { Command } from 'commander'
import { loadConfig } from '../load-config.ts'
import { type JsonOption, jsonOption, terminalOutput } from '../output.ts'

export function addWebhooks(program: Command): void {
  program
    .command('webhooks')
    .description("register the running gateway's webhook URL at a provider")
    .argument('[provider]', 'a configured provider that has webhooks, such as fivetran')
    .option(...jsonOption)
    .addHelpText(
      'after',
      '\nExample:\n  PUBLIC_URL=https://connect.example.com connect-gateway webhooks fivetran',
    )
    .action(runWebhooks)
}

async function runWebhooks(provider: string | undefined, options: JsonOption): Promise<void> {
  const { registerWebhook } = await import('../webhooks.ts')
  const { name, key, origin, settings } = await registerWebhook(await loadConfig(), provider)
  // For the operator, as the keys that `keys create` prints.
  const lines = Object.entries(settings).map(
    ([variable, value]) => `Set ${variable}=${value} and restart the gateway.`,
  )
  terminalOutput(options).result([`${name} now sends webhooks to ${origin}.`, ...lines].join('\n'), {
    provider: key,
    origin,
    settings,
  })
}
