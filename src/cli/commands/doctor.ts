import type { Command } from 'commander'
import type { DoctorOptions } from '../doctor/doctor.ts'
import { type JsonOption, jsonOption, terminalOutput } from '../output.ts'

const details = `
Reads only, and prints no credentials. Runs beside a running gateway; with the embedded store it then skips the database.

Exit codes: 0 no check failed; 1 a check failed, with --strict also a warning; 2 the settings are invalid.

Examples:
  connect-gateway doctor
  connect-gateway doctor --strict --json`

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check settings, database, disk, addresses and every provider account')
    .option('--strict', 'exit with code 1 for warnings too')
    .option(...jsonOption)
    .addHelpText('after', details)
    .action(async (options: JsonOption & DoctorOptions) => {
      const { runDoctor } = await import('../doctor/doctor.ts')
      process.exitCode = await runDoctor(options, terminalOutput(options))
    })
}
