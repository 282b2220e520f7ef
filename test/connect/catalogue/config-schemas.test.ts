import { expect, test } from 'vitest'
import { fetchConfigSchemas } from '../../../src/connect/catalogue/config-schemas.ts'
import { applyRetention } from '../../../src/connect/jobs/retention.ts'
import type { ConfigSchema } from '../../../src/domain/json.ts'
import { ProviderError } from '../../../src/domain/provider-error.ts'
import { type OpenConnect, openConnect } from '../open.ts'
import { connector } from '../script.ts'

const schemaOf = (key: string): ConfigSchema => ({ title: key })
const catalogueSchema = { title: 'from the catalogue' }
const day = 86_400
const pollOptions = { timeout: 10_000 }

const fetchSchemas = ({ context }: OpenConnect, ...keys: string[]) =>
  fetchConfigSchemas(
    context,
    keys.map((key) => ({ ...connector(key, { configSchema: catalogueSchema }), provider: 'FIVETRAN' })),
  )

const down = async () => {
  throw new ProviderError('FIVETRAN', 'PROVIDER_UNAVAILABLE', 'down')
}

/** Fetches that stay in flight until `finishOne` is called. */
function pendingFetches() {
  const started: string[] = []
  const finish: (() => void)[] = []
  return {
    started,
    finishOne: () => finish.shift()?.(),
    fetch: async (key: string) => {
      started.push(key)
      await new Promise<void>((resolve) => finish.push(resolve))
      return schemaOf(key)
    },
  }
}

test('fetches the schemas of a page of connectors with a concurrency of five', async () => {
  const opened = await openConnect(['describe'])
  const open = { ...opened, context: { ...opened.context, maxWaitMs: 60_000 } }
  const { started, finishOne, fetch } = pendingFetches()
  open.script.inputs = fetch
  const keys = Array.from({ length: 12 }, (_, number) => `app-${number}`)
  const schemas = fetchSchemas(open, ...keys)
  for (let count = 5; count <= keys.length; count += 1) {
    await expect.poll(() => started, pollOptions).toHaveLength(count)
    finishOne()
  }
  for (let left = 4; left > 0; left -= 1) finishOne()

  expect(await schemas).toEqual(keys.map(schemaOf))
  expect(started).toEqual(keys)
})

test('concurrent callers share one fetch of a connector', async () => {
  const open = await openConnect(['describe'])
  const { started, finishOne, fetch } = pendingFetches()
  open.script.inputs = fetch
  const calls = [fetchSchemas(open, 'a'), fetchSchemas(open, 'a')]
  await expect.poll(() => started, pollOptions).toEqual(['a'])
  const third = fetchSchemas(open, 'a', 'a')
  finishOne()

  expect(await Promise.all(calls)).toEqual([[schemaOf('a')], [schemaOf('a')]])
  expect(await third).toEqual([schemaOf('a'), schemaOf('a')])
  expect(started).toEqual(['a'])
})

test('does not wait longer than maxWaitMs, and stores the late response for the next caller', async () => {
  const open = await openConnect(['describe'])
  const { started, finishOne, fetch } = pendingFetches()
  open.script.inputs = fetch
  const withoutWaiting = { ...open, context: { ...open.context, maxWaitMs: 1 } }
  expect(await fetchSchemas(withoutWaiting, 'a')).toEqual([catalogueSchema])
  expect(started).toEqual(['a'])
  finishOne()
  await open.idle()

  expect(await fetchSchemas(withoutWaiting, 'a')).toEqual([schemaOf('a')])
  expect(started).toEqual(['a'])
})

test('fetches a schema again after 24 hours, and returns the older one until that succeeds', async () => {
  const open = await openConnect(['describe'])
  open.script.inputs = async () => ({ title: 'old' })
  expect(await fetchSchemas(open, 'a')).toEqual([{ title: 'old' }])
  open.script.inputs = async () => ({ title: 'new' })
  open.clock.advance(day)
  expect(await fetchSchemas(open, 'a')).toEqual([{ title: 'old' }])
  open.script.inputs = down
  open.clock.advance(1)
  expect(await fetchSchemas(open, 'a')).toEqual([{ title: 'old' }])
  open.script.inputs = async () => ({ title: 'new' })
  open.clock.advance(10)
  expect(await fetchSchemas(open, 'a')).toEqual([{ title: 'new' }])
})

test('sends no request for ten seconds after a failure, or for as long as Retry-After', async () => {
  const open = await openConnect(['describe'])
  let count = 0
  let retryAfterSeconds: number | undefined
  open.script.inputs = async () => {
    count += 1
    throw new ProviderError('FIVETRAN', 'PROVIDER_RATE_LIMITED', 'wait', { retryAfterSeconds })
  }
  const countAfter = async (seconds: number) => {
    open.clock.advance(seconds)
    expect(await fetchSchemas(open, 'a')).toEqual([catalogueSchema])
    return count
  }
  expect([await countAfter(0), await countAfter(9), await countAfter(1)]).toEqual([1, 1, 2])
  retryAfterSeconds = 60
  expect([await countAfter(10), await countAfter(59), await countAfter(1)]).toEqual([3, 3, 4])
  expect(open.logged()).toBe('')
})

test('an error about one connector does not open the circuit for the others', async () => {
  const open = await openConnect(['describe'])
  open.script.inputs = async (key) => {
    if (key === 'bad') throw new ProviderError('FIVETRAN', 'PROVIDER_REJECTED', 'no')
    return schemaOf(key)
  }
  const keys = ['bad', ...Array.from({ length: 11 }, (_, number) => `app-${number}`)]
  expect(await fetchSchemas(open, ...keys)).toEqual([catalogueSchema, ...keys.slice(1).map(schemaOf)])
})

test('logs an unexpected error and returns the schema of the catalogue', async () => {
  const open = await openConnect(['describe'])
  open.script.inputs = async () => {
    throw new TypeError('a bug')
  }
  expect(await fetchSchemas(open, 'a')).toEqual([catalogueSchema])
  expect(open.logged()).toContain('a bug')
})

test('stores the response that a connector has no other schema than in the catalogue', async () => {
  const open = await openConnect(['describe'])
  let count = 0
  open.script.inputs = async () => {
    count += 1
    return null
  }
  expect([await fetchSchemas(open, 'a'), await fetchSchemas(open, 'a')]).toEqual([
    [catalogueSchema],
    [catalogueSchema],
  ])
  expect(count).toBe(1)
})

test('sends no request to a provider without fetchConfigSchema', async () => {
  const open = await openConnect()
  open.script.inputs = down
  expect(await fetchSchemas(open, 'a', 'b')).toEqual([catalogueSchema, catalogueSchema])
})

test('deletes stored schemas at the end of the retention period', async () => {
  const open = await openConnect(['describe'])
  const stored = () => open.db.selectFrom('configSchemas').select('key').execute()
  open.script.inputs = async (key) => schemaOf(key)
  await fetchSchemas(open, 'a')
  open.clock.advance(90 * day)
  await applyRetention(open.context)
  expect(await stored()).toEqual([{ key: 'a' }])
  open.clock.advance(1)
  await applyRetention(open.context)
  expect(await stored()).toEqual([])
})
