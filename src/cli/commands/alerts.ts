import type { Command } from 'commander'

export function addAlerts(program: Command): void {
  program
    .command('alerts')
    .description('print alerting rules for Prometheus, as YAML')
    .addHelpText('after', '\nExample:\n  connect-gateway alerts > alerts.yaml')
    .action(async () => {
      const { alertingRules } = await import('../alerts.ts')
      process.stdout.write(`${alertingRules()}\n`)
    })
}
