import type { Connection } from './state.ts'

// Long enough to be seen as "syncing", short enough to wait for.
const syncLastsMs = 60_000

/** The setup tests pass: the connection works, and unless it is paused its first sync begins. */
export function passSetup(connection: Connection, now: Date): void {
  connection.setupState = 'connected'
  connection.hasCredentials = true
  connection.setupTests = [{ title: 'Validate Login', status: 'PASSED', message: '' }]
  if (!connection.paused && connection.syncStartedAt === null) startSync(connection, now)
}

/** The setup tests fail: an incomplete or broken connection stays so, and one that worked before goes on working. */
export function failSetup(connection: Connection, message: string): void {
  connection.setupTests = [{ title: 'Validate Login', status: 'FAILED', message }]
}

/** The source no longer lets Fivetran in: what worked needs a new authorisation. */
export function breakSetup(connection: Connection): void {
  connection.setupState = 'broken'
  connection.hasCredentials = false
}

/** Runs the tests with what the connection has. */
export function testSetup(connection: Connection, now: Date): void {
  if (connection.hasCredentials) passSetup(connection, now)
  else failSetup(connection, 'No credentials were given')
}

export function startSync(connection: Connection, now: Date): void {
  settleSync(connection, now)
  connection.syncStartedAt = now.toISOString()
}

export function isSyncing(connection: Connection, now: Date): boolean {
  settleSync(connection, now)
  return connection.syncStartedAt !== null
}

/** Ends a sync whose time has passed; it is noticed when somebody looks. */
export function settleSync(connection: Connection, now: Date): void {
  if (connection.syncStartedAt === null) return
  const endsAt = Date.parse(connection.syncStartedAt) + syncLastsMs
  if (now.getTime() < endsAt) return
  connection.succeededAt = new Date(endsAt).toISOString()
  connection.syncStartedAt = null
  connection.historical = false
}
