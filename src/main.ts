import { runProgram } from './cli/program.ts'

// Files in the data folder are for their owner only, also those that the embedded database creates.
process.umask(0o077)
// The reader has enough, as in `connect-gateway --help | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})
await runProgram(process.argv.slice(2))
