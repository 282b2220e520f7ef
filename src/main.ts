import { runProgram } from './cli/program.ts'

// Files in the data folder are for their owner only, also those that the embedded database creates.
process.umask(0o077)
await runProgram(process.argv.slice(2))
