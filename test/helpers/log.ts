import { Writable } from 'node:stream'
import { createLog } from '../../src/app/log.ts'
import type { Log } from '../../src/domain/log.ts'

/** A log whose output `text` returns. */
export function createTestLog(): { readonly log: Log; text(): string } {
  const lines: string[] = []
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  return { log: createLog('debug', destination), text: () => lines.join('') }
}
