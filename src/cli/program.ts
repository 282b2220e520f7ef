import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { commands } from './commands.ts'
import { exitCodes } from './exit-codes.ts'

/** The version in package.json, which is in the folder above `src` and `dist`. */
const version = (): string =>
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version

/** The program with all its commands. Instead of exiting, it throws CommanderError. */
export function createProgram(): Command {
  const program = new Command('connect-gateway')
    .description('One GraphQL API over connector platforms. Without a command: serve.')
    .version(version())
    .exitOverride()
    .showHelpAfterError('Run the command with --help for its arguments.')
    .addHelpText(
      'after',
      '\nSettings are environment variables: see README.md. Exit codes: src/cli/README.md.',
    )
  for (const add of commands) add(program)
  return program
}

/** Runs a command line and sets the exit code of the process. */
export async function runProgram(args: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync(args.length === 0 ? ['serve'] : args, { from: 'user' })
  } catch (error) {
    // Help and version are reported like errors, with exit code 0.
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : exitCodes.usage
    else await fail(error)
  }
}

async function fail(error: unknown): Promise<void> {
  const { explainError } = await import('./explain-error.ts')
  const explained = explainError(error)
  const text = explained ?? (error instanceof Error ? error.stack : String(error))
  // Ends the process: a connection that was refused halfway would keep it for a minute.
  process.stderr.write(`${text}\n`, () => process.exit(exitCodes.failed))
}
