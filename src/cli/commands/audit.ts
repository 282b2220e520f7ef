import { type Command, InvalidArgumentError } from 'commander'
import { loadConfig } from '../load-config.ts'
import { type JsonOption, jsonOption, terminalOutput } from '../output.ts'

export function addAudit(program: Command): void {
  const audit = program
    .command('audit')
    .description('check or print the audit log; with the embedded store the gateway must be stopped')
  audit
    .command('verify')
    .description('check the hash chain of the audit log; prints its last hash')
    .option('--head <hash>', 'a hash that was printed before; it must be part of the chain')
    .option(...jsonOption)
    .addHelpText(
      'after',
      '\nExamples:\n  connect-gateway audit verify\n  connect-gateway audit verify --head 3f5a…',
    )
    .action(async (options: JsonOption & { readonly head?: string }) => {
      const { verifyAudit } = await import('../audit.ts')
      await verifyAudit(await loadConfig(), options.head ?? null, terminalOutput(options))
    })
  audit
    .command('export')
    .description('print the events in order, one JSON object per line')
    .option('--since <time>', 'only events since then, such as 2026-12-01 or 2026-12-01T10:00:00Z', toTime)
    .option('--json', 'has no effect: the events are JSON in any case')
    .addHelpText('after', '\nExample:\n  connect-gateway audit export --since 2026-12-01 > audit.ndjson')
    .action(async ({ since }: { readonly since?: Date }) => {
      const { exportAudit } = await import('../audit.ts')
      await exportAudit(await loadConfig(), since ?? null, process.stdout)
    })
}

function toTime(text: string): Date {
  const time = new Date(text)
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError('It is not a time.')
  return time
}
