import cluster from 'node:cluster'
import type { Command } from 'commander'
import type { Config } from '../../app/config.ts'
import { loadConfig } from '../load-config.ts'
import type { RunningGateway } from '../running-gateway.ts'
import { shutdownRequested } from '../shutdown.ts'
import { openWorkerChannel } from '../worker-channel.ts'

export function addServe(program: Command): void {
  program
    .command('serve')
    .description(
      'run the gateway, with the sandbox for providers without credentials, until SIGINT or SIGTERM',
    )
    .option('--json', 'print the addresses as one line of JSON when the gateway serves requests')
    .addHelpText(
      'after',
      '\nExamples:\n  connect-gateway serve\n  PORT=8080 SANDBOX=off connect-gateway serve',
    )
    .action(runServe)
}

async function runServe({ json = false }: { readonly json?: boolean }): Promise<void> {
  // PID 1 has no default SIGTERM handler: install one first.
  const stopped = shutdownRequested()
  const { started, failed, stop } = await startGateway(await loadConfig(), json)
  let isClean = false
  try {
    await Promise.race([started, stopped])
    await (failed ? Promise.race([stopped, failed]) : stopped)
  } finally {
    isClean = await stop()
  }
  // Whatever a failed step has left open does not keep the process running.
  process.exit(isClean ? 0 : 1)
}

const print = (text: string) => void process.stdout.write(`${text}\n`)

/** Starts this process as a gateway, as a worker, or as the supervisor of workers. */
async function startGateway(config: Config, json: boolean): Promise<RunningGateway> {
  if (config.workers > 1 && cluster.isPrimary) {
    const { supervise } = await import('../supervise.ts')
    return supervise(config, print)
  }
  const { serve } = await import('../serve.ts')
  if (cluster.isPrimary) return serve(config, { print, json })
  const { reportReady, ...channel } = openWorkerChannel()
  return serve(config, { print: reportReady, json, ...channel })
}
