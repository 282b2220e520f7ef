import type { Command } from 'commander'
import { providerKeys } from '../../domain/provider-key.ts'
import { directions } from '../../domain/statuses.ts'
import { oneOf } from '../choices.ts'
import type { LinkCommand } from '../link.ts'
import { jsonOption, terminalOutput } from '../output.ts'

const details = `
The URL of the link is the only line on standard output; with --json it is one JSON document there, and with --wait one line
for each status. Calls the gateway at GATEWAY_URL (default: PORT on this machine) with GATEWAY_API_KEY (default: the key in
DATA_DIR).

Exit codes: 0 created, with --wait completed; 3 failed; 4 expired; 5 revoked; 6 superseded; 7 still open after --timeout.

Examples:
  connect-gateway link github --end-user user-1 --open --wait
  connect-gateway link hubspot --end-user user-1 --provider fivetran --json`

export function addLink(program: Command): void {
  program
    .command('link')
    .description('create a connect link at a running gateway')
    .argument(
      '<application>',
      'what to connect: the slug of an application, with --provider the key of a connector',
    )
    .requiredOption('--end-user <id>', "the application's own ID of the end user who connects")
    .option('--provider <provider>', 'default: selected by the gateway', oneOf(providerKeys))
    .option('--direction <direction>', 'needed if the connector has several', oneOf(directions))
    .option('--return-url <url>', 'where the browser is sent after the attempt')
    .option('--wait', 'wait until the link has ended, and print each status')
    .option('--timeout <time>', 'how long --wait waits, such as 10m; default: until the link has ended')
    .option('--open', 'open the link in the browser')
    .option(...jsonOption)
    .addHelpText('after', details)
    .action(async (application: string, options: LinkCommand) => {
      const { runLink } = await import('../link.ts')
      process.exitCode = await runLink(application, options, terminalOutput(options))
    })
}
