import { readFileSync } from 'node:fs'

/** Reads and parses `data/<name>.json`. The shape is not validated: the files are part of the program. */
export const readData = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`./data/${name}.json`, import.meta.url), 'utf8'))
