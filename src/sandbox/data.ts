import { readFileSync } from 'node:fs'

/** A file of `data/`, parsed; its shape is the caller's to know, since the files are part of the program. */
export const readData = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`./data/${name}.json`, import.meta.url), 'utf8'))
