import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { newWordId } from '../../src/sandbox/vendors/fivetran/ids.ts'
import { openSandbox, type TestSandbox } from './open.ts'

const headers = { authorization: 'Bearer secret-token:sandbox' }
const destinations = '/census/api/v1/destinations'

/** Creates a destination of Census, whose IDs are numbers; returns its ID. */
async function createDestination(sandbox: TestSandbox): Promise<number> {
  const body = { type: 'hubspot', redirect_uri: null }
  const { body: created } = await sandbox.request('POST', '/census/api/v1/destination_connect_links', {
    headers,
    body,
  })
  expect((await sandbox.decide(created.data.uri, 'approve')).status).toBe(200)
  const list = await sandbox.request('GET', destinations, { headers })
  return Math.max(...list.body.data.map(({ id }: { id: number }) => id))
}

test('IDs of words have the format of Fivetran and do not repeat', () => {
  const ids = Array.from({ length: 20_000 }, newWordId)
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^[a-z]{10}_[a-z]{10}$/)
})

test('a number is not used again after a removal, a reset, or the end of a process that has not saved it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const dataFile = join(folder, 'sandbox.json')
  const first = await openSandbox({ dataFile })
  const used = [await createDestination(first)]
  await first.request('DELETE', `${destinations}/${used[0]}`, { headers })
  used.push(await createDestination(first))
  await first.request('POST', '/__sandbox/reset')
  used.push(await createDestination(first))
  await first.close()
  const before = readFileSync(dataFile, 'utf8')
  const second = await openSandbox({ dataFile })
  await vi.waitFor(() => expect(readFileSync(dataFile, 'utf8')).not.toBe(before), { timeout: 10_000 })
  const atStart = readFileSync(dataFile)
  used.push(await createDestination(second))
  await second.close()
  // As after a crash: the last changes are not in the file.
  writeFileSync(dataFile, atStart)
  const third = await openSandbox({ dataFile })
  used.push(await createDestination(third))
  expect(new Set(used).size, String(used)).toBe(5)
})
