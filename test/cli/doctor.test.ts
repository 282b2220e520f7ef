import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { checkAccount } from '../../src/cli/doctor/account.ts'
import { clockResult, runCheck } from '../../src/cli/doctor/check.ts'
import { checkDisk } from '../../src/cli/doctor/disk.ts'
import { createProviderClocks } from '../../src/http/provider-clocks.ts'
import type { ConfiguredProvider } from '../../src/providers/provider-registry.ts'

const mebibyte = 1_048_576
const settings = { dataDir: join(tmpdir(), 'no', 'such', 'folder'), databaseUrl: null, production: false }

test.each([
  [0, true, 'FAIL'],
  [127, true, 'FAIL'],
  [128, true, 'WARN'],
  [1_023, true, 'WARN'],
  [1_024, true, 'PASS'],
  [1_024, false, 'FAIL'],
])('with %i MiB free (files: %s) the disk check is %s', async (mebibytes, hasFiles, status) => {
  const read = vi.fn(async () => ({ bytes: mebibytes * mebibyte, hasFiles }))
  const [found] = await checkDisk(settings, read)
  expect(found).toMatchObject({ status, message: expect.stringContaining(`${mebibytes} MiB free`) })
  // The folder is created at the first start: that above it is read.
  expect(read).toHaveBeenCalledWith(tmpdir())
})

test('the free space of a real folder is read, except where nothing is written', async () => {
  expect(await checkDisk({ ...settings, dataDir: tmpdir() })).toMatchObject([
    { check: 'free space', message: expect.stringMatching(/has \d+ MiB free/) },
  ])
  const production = { ...settings, databaseUrl: 'postgres://db/gateway', production: true }
  expect(await checkDisk(production)).toMatchObject([{ status: 'SKIP' }])
})

test.each([
  [{ min: -1_000, max: 1_000 }, 'PASS', ''],
  // Within the bounds the clocks may agree.
  [{ min: -500_000, max: 500_000 }, 'PASS', ''],
  [{ min: 31_000, max: 32_000 }, 'WARN', '31 seconds ahead of'],
  [{ min: -62_000, max: -61_000 }, 'WARN', '61 seconds behind'],
  [{ min: 301_000, max: 302_000 }, 'FAIL', '301 seconds ahead of'],
  [{ min: -302_000, max: -301_000 }, 'FAIL', '301 seconds behind'],
] as const)('a clock offset of %j is %s', (offset, status, text) => {
  expect(clockResult('Acme', offset)).toMatchObject({ status, message: expect.stringContaining(text) })
})

test('an unexpected error is a finding without its message, which may contain a secret', async () => {
  const findings = await runCheck({
    subject: 'Acme',
    check: 'credentials',
    run: () => Promise.reject(new Error('hunter2')),
  })
  expect(findings).toEqual([
    {
      subject: 'Acme',
      check: 'credentials',
      status: 'FAIL',
      message: 'The check failed (unexpected error).',
    },
  ])
})

/** An account whose catalogue has pages of 10 connectors; `read` counts those that were read. */
function accountWith(pages: number) {
  const read = vi.fn()
  async function* listConnectors() {
    for (let page = 0; page < pages; page += 1) {
      read()
      yield { items: Array(10).fill({}), skipped: [] }
    }
  }
  const adapter = { listConnectors, async *listConnections() {} }
  const account = { key: 'CENSUS', name: 'Acme', accountKey: 'acme', organizationId: null, adapter }
  return { account: account as unknown as ConfiguredProvider, read }
}

test.each([
  [3, null, 'PASS', 'at least 10 connectors', 1],
  [3, 40, 'PASS', 'at least 20 connectors; the last sync has stored 40', 2],
  [3, 100, 'WARN', 'only 30 connectors; the last sync has stored 100', 3],
  [0, 100, 'FAIL', 'empty', 0],
])(
  'a catalogue of %i pages, of which %s connectors were stored, is %s',
  async (pages, stored, status, text, reads) => {
    const { account, read } = accountWith(pages)
    const check = { account, clocks: createProviderClocks(), webhookUrl: null, storedConnectors: stored }
    const results = await checkAccount(check, new AbortController().signal)
    expect(results.find((one) => one.check === 'catalogue')).toMatchObject({
      status,
      message: expect.stringContaining(text),
    })
    expect(read).toHaveBeenCalledTimes(reads)
  },
)
