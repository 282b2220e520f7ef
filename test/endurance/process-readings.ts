import { readdirSync, readFileSync } from 'node:fs'
import pg from 'pg'

export interface ProcessReading {
  readonly rssMb: number
  readonly descriptors: number
  /** Those of the whole database, without the one that counts; 0 on PGlite. */
  readonly databaseConnections: number
}

/** Reads the resources of a process on Linux. */
export async function readProcess(pid: number, databaseUrl: string | undefined): Promise<ProcessReading> {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
  return {
    rssMb: Math.round((pages * 4_096) / 1e6),
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    databaseConnections: databaseUrl === undefined ? 0 : await countConnections(databaseUrl),
  }
}

async function countConnections(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const { rows } = await client.query(
    'SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  )
  await client.end()
  return rows[0].count
}
