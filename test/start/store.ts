import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { freshPostgres, testDatabaseUrl } from '../helpers/database.ts'
import { temporaryFolder } from './process.ts'

/**
 * Environment of a gateway with a store of its own: an empty embedded database, or an empty database on the PostgreSQL
 * server that the tests run on.
 */
export async function newStore(): Promise<{ readonly DATA_DIR: string; readonly DATABASE_URL?: string }> {
  if (testDatabaseUrl === undefined) return { DATA_DIR: await embeddedFolder() }
  databases += 1
  const name = `gateway_start_${process.env.VITEST_POOL_ID ?? '0'}_${databases}`
  return { DATA_DIR: temporaryFolder(), DATABASE_URL: await freshPostgres(testDatabaseUrl, name) }
}

let databases = 0

/** A data folder with an empty embedded database: a copy, because creating one takes seconds of processor time. */
export async function embeddedFolder(): Promise<string> {
  template ??= createTemplate()
  const folder = temporaryFolder()
  cpSync(await template, join(folder, 'pg'), { recursive: true })
  return folder
}

let template: Promise<string> | undefined

async function createTemplate(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-embedded-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const database = await PGlite.create(folder)
  await database.close()
  return folder
}
