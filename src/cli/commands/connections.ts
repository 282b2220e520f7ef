import type { Command } from 'commander'
import { providerKeys } from '../../domain/provider-key.ts'
import { connectionStatuses } from '../../domain/statuses.ts'
import { oneOf, wholeNumber } from '../choices.ts'
import type { ConnectionsCommand } from '../connections.ts'
import { jsonOption, terminalOutput } from '../output.ts'

const details = `
Prints one line for each connection, with tabs between the columns. Calls the gateway at GATEWAY_URL (default: PORT on this
machine) with GATEWAY_API_KEY (default: the key in DATA_DIR).

Examples:
  connect-gateway connections --end-user user-1
  connect-gateway connections --status needs_attention --limit 500 --json`

export function addConnections(program: Command): void {
  program
    .command('connections')
    .description('list the connections of a running gateway')
    .option('--end-user <id>', 'only those of this end user')
    .option('--application <key>', 'only those of the connector with this key')
    .option('--provider <provider>', 'only those at this provider', oneOf(providerKeys))
    .option(
      '--status <status>',
      'only those in this status; default: all but disconnected',
      oneOf(connectionStatuses),
    )
    .option('--limit <number>', 'how many at most', wholeNumber(100_000), 100)
    .option(...jsonOption)
    .addHelpText('after', details)
    .action(async (options: ConnectionsCommand) => {
      const { runConnections } = await import('../connections.ts')
      await runConnections(options, terminalOutput(options))
    })
}
