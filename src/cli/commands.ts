import type { Command } from 'commander'
import { addAlerts } from './commands/alerts.ts'
import { addAudit } from './commands/audit.ts'
import { addConnections } from './commands/connections.ts'
import { addDashboard } from './commands/dashboard.ts'
import { addDoctor } from './commands/doctor.ts'
import { addKeys } from './commands/keys.ts'
import { addLink } from './commands/link.ts'
import { addMigrate } from './commands/migrate.ts'
import { addPurge } from './commands/purge.ts'
import { addSandbox } from './commands/sandbox.ts'
import { addServe } from './commands/serve.ts'
import { addWebhooks } from './commands/webhooks.ts'

/**
 * Adds one command to the program. The file of a command describes it and imports nothing but this description statically:
 * what its action needs is imported when it runs, so that a short command does not load the gateway.
 */
export type AddCommand = (program: Command) => void

/** In the order of the help. A new command is one line here and one file in `commands`. */
export const commands: readonly AddCommand[] = [
  addServe,
  addSandbox,
  addMigrate,
  addKeys,
  addLink,
  addConnections,
  addDoctor,
  addAudit,
  addWebhooks,
  addPurge,
  addDashboard,
  addAlerts,
]
