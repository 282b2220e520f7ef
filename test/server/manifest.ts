import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** A manifest of these documents, by prefixed hash. */
export const manifestOf = (...documents: readonly string[]) =>
  Object.fromEntries(documents.map((text) => [`sha256:${sha256(text)}`, text]))

/** Writes a file that is deleted when the test finishes; returns its path. */
export function writeManifest(content: object | string): string {
  const folder = mkdtempSync(join(tmpdir(), 'manifest-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'manifest.json')
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}
