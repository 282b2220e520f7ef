import type { Connection } from './state.ts'

// Long enough to observe "syncing", short enough for a developer to wait.
const syncDurationMs = 60_000

/** Marks the setup tests as passed and the connection as connected; starts the first sync unless it is paused. */
export function passSetup(connection: Connection, now: Date): void {
  connection.setupState = 'connected'
  connection.hasCredentials = true
  connection.setupTests = [{ title: 'Validate Login', status: 'PASSED', message: '' }]
  if (!connection.paused && connection.syncStartedAt === null) startSync(connection, now)
}

/** Marks the setup tests as failed. The setup state does not change: a connected connection stays connected. */
export function failSetup(connection: Connection, message: string): void {
  connection.setupTests = [{ title: 'Validate Login', status: 'FAILED', message }]
}

/** Simulates that the source revoked access: the connection needs a new authorisation. */
export function breakSetup(connection: Connection): void {
  connection.setupState = 'broken'
  connection.hasCredentials = false
}

/** Runs the setup tests: they pass if the connection has credentials. */
export function runSetupTests(connection: Connection, now: Date): void {
  if (connection.hasCredentials) passSetup(connection, now)
  else failSetup(connection, 'No credentials were given')
}

export function startSync(connection: Connection, now: Date): void {
  completeElapsedSync(connection, now)
  connection.syncStartedAt = now.toISOString()
}

export function isSyncing(connection: Connection, now: Date): boolean {
  completeElapsedSync(connection, now)
  return connection.syncStartedAt !== null
}

/** Completes a sync whose duration has elapsed. There is no timer: each read of the sync state calls this. */
export function completeElapsedSync(connection: Connection, now: Date): void {
  if (connection.syncStartedAt === null) return
  const endsAt = Date.parse(connection.syncStartedAt) + syncDurationMs
  if (now.getTime() < endsAt) return
  connection.succeededAt = new Date(endsAt).toISOString()
  connection.syncStartedAt = null
  connection.historical = false
}
