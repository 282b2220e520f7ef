import type { Environment } from '../providers/definition.ts'

/** Several processes need a database that is not embedded in one of them. */
export const workerProblems = ({ WORKERS, DATABASE_URL }: Environment): readonly string[] =>
  Number(WORKERS) > 1 && DATABASE_URL === undefined
    ? ['WORKERS above 1 needs DATABASE_URL: only one process can use the embedded store']
    : []
