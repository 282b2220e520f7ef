import type { Config } from '../app/config.ts'
import type { DatabaseLocation } from '../store/database.ts'

/** PostgreSQL if `DATABASE_URL` is set, else the embedded database in the data folder. */
export const databaseLocation = ({ databaseUrl, databaseListenUrl, dataDir }: Config): DatabaseLocation =>
  databaseUrl === null
    ? { folder: dataDir }
    : { url: databaseUrl, ...(databaseListenUrl !== null && { listenUrl: databaseListenUrl }) }
