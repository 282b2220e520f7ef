import type { Command } from 'commander'
import { loadConfig } from '../load-config.ts'
import { type JsonOption, jsonOption, terminalOutput } from '../output.ts'
import { shutdownRequested } from '../shutdown.ts'

export function addSandbox(program: Command): void {
  program
    .command('sandbox')
    .description('run the sandbox of all providers alone, until SIGINT or SIGTERM')
    .option(...jsonOption)
    .addHelpText('after', '\nExample:\n  SANDBOX_PORT=4020 connect-gateway sandbox')
    .action(runSandbox)
}

async function runSandbox(options: JsonOption): Promise<void> {
  const stopped = shutdownRequested()
  const { startSandbox } = await import('../use-sandbox.ts')
  const { providerKeys } = await import('../../domain/provider-key.ts')
  const { url, close } = await startSandbox(await loadConfig())
  const paths = providerKeys.map((key) => `/${key.toLowerCase()}`)
  terminalOutput(options).result(`The sandbox listens on ${url.origin} under ${paths.join(' ')}.`, {
    url: url.origin,
    paths,
  })
  await stopped
  await close()
}
