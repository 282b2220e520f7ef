import type { Command } from 'commander'
import { permissions } from '../../domain/permissions.ts'
import type { Action } from '../keys.ts'
import { loadConfig } from '../load-config.ts'
import { type JsonOption, jsonOption, terminalOutput } from '../output.ts'

const scopesText = `\nScopes: ${permissions.join(', ')}.\nTimes have a unit, such as 90d, 24h, 30m or 0s.`

export function addKeys(program: Command): void {
  const keys = program
    .command('keys')
    .description(
      'manage API keys; with the embedded store the gateway must be stopped, or its mutations be used',
    )
  keys
    .command('create')
    .description('create an API key, which is printed alone on standard output and cannot be shown again')
    .requiredOption('--name <name>', 'what uses the key')
    .requiredOption('--scopes <scopes>', 'what the key may do, separated by commas')
    .option('--expires-in <time>', 'how long it is valid; default: without end')
    .option(...jsonOption)
    .addHelpText('after', scopesText)
    .addHelpText(
      'after',
      '\nExample:\n  connect-gateway keys create --name Backend --scopes links:write --expires-in 90d',
    )
    .action(async (options: JsonOption & CreateOptions) => {
      const { createKey } = await import('../keys.ts')
      await run(createKey(options), options)
    })
  keys
    .command('list')
    .description('list the API keys, newest first, with tabs between the columns')
    .option(...jsonOption)
    .action(async (options: JsonOption) => {
      const { listKeys } = await import('../keys.ts')
      await run(listKeys, options)
    })
  keys
    .command('rotate')
    .description('replace an API key by a new one with the same ID')
    .argument('<id>', 'as listed')
    .option('--overlap <time>', 'how long the former key is accepted; default: 24h')
    .option(...jsonOption)
    .addHelpText('after', '\nExample:\n  connect-gateway keys rotate QXBpS2V5… --overlap 1h')
    .action(async (id: string, options: JsonOption & { readonly overlap?: string }) => {
      const { rotateKey } = await import('../keys.ts')
      await run(rotateKey(id, options), options)
    })
  keys
    .command('revoke')
    .description('revoke an API key at once')
    .argument('<id>', 'as listed')
    .option(...jsonOption)
    .action(async (id: string, options: JsonOption) => {
      const { revokeKey } = await import('../keys.ts')
      await run(revokeKey(id), options)
    })
}

interface CreateOptions {
  readonly name: string
  readonly scopes: string
  readonly expiresIn?: string
}

async function run(action: Action, options: JsonOption): Promise<void> {
  const { runOnKeys } = await import('../keys.ts')
  await runOnKeys(await loadConfig(), action, terminalOutput(options))
}
