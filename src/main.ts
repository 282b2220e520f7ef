import { commands } from './cli/commands.ts'
import { explainError } from './cli/explain-error.ts'

// Files in the data folder are for their owner only, also those that the embedded database creates.
process.umask(0o077)
const [name = 'serve', ...args] = process.argv.slice(2)
const command = Object.hasOwn(commands, name) ? commands[name] : undefined
if (command === undefined) {
  process.stderr.write(`Usage: node dist/main.js ${Object.keys(commands).join(' | ')}\n`)
  process.exitCode = 2
} else {
  await command(...args).catch((error: unknown) => {
    const explained = explainError(error)
    const text = explained ?? (error instanceof Error ? error.stack : String(error))
    // Ends the process: a connection that was refused halfway would keep it for a minute.
    process.stderr.write(`${text}\n`, () => process.exit(1))
  })
}
