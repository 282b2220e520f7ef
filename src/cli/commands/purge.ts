import { type Command, InvalidArgumentError } from 'commander'
import { loadConfig } from '../load-config.ts'
import { type JsonOption, jsonOption, terminalOutput } from '../output.ts'

export function addPurge(program: Command): void {
  program
    .command('purge')
    .description('erase personal data; with the embedded store the gateway must be stopped')
    .command('end-user')
    .description('erase an end user in the database, and at the providers that support it')
    .argument('<id>', "the application's own ID of the end user", nonEmpty)
    .option(...jsonOption)
    .addHelpText('after', '\nExample:\n  connect-gateway purge end-user user-1')
    .action(runPurge)
}

function nonEmpty(id: string): string {
  if (id === '') throw new InvalidArgumentError('It must not be empty.')
  return id
}

async function runPurge(id: string, options: JsonOption): Promise<void> {
  const { purgeEndUser } = await import('../purge.ts')
  await purgeEndUser(await loadConfig(), id, terminalOutput(options))
}
