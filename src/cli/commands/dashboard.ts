import type { Command } from 'commander'

export function addDashboard(program: Command): void {
  program
    .command('dashboard')
    .description('print a Grafana dashboard of the metrics, as JSON')
    .addHelpText('after', '\nExample:\n  connect-gateway dashboard > dashboard.json')
    .action(async () => {
      const { dashboard } = await import('../dashboard.ts')
      process.stdout.write(`${dashboard()}\n`)
    })
}
