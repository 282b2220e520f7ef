import { expect, test } from 'vitest'
import { configSchemasOf } from '../../../src/connect/catalogue/config-schemas.ts'
import { applyRetention } from '../../../src/connect/jobs/retention.ts'
import { ProviderError } from '../../../src/domain/errors.ts'
import type { ConfigSchema } from '../../../src/domain/json.ts'
import { type OpenConnect, openConnect } from '../open.ts'
import { connector } from '../script.ts'

const schemaOf = (key: string): ConfigSchema => ({ title: key })
const standard = { title: 'from the catalogue' }
const day = 86_400
const patiently = { timeout: 10_000 }

const ask = ({ context }: OpenConnect, ...keys: string[]) =>
  configSchemasOf(
    context,
    keys.map((key) => ({ ...connector(key, { configSchema: standard }), provider: 'FIVETRAN' })),
  )

const down = async () => {
  throw new ProviderError('FIVETRAN', 'PROVIDER_UNAVAILABLE', 'down')
}

/** Readings that end when the test says so. */
function heldReadings() {
  const begun: string[] = []
  const ends: (() => void)[] = []
  return {
    begun,
    endOne: () => ends.shift()?.(),
    read: async (key: string) => {
      begun.push(key)
      await new Promise<void>((resolve) => ends.push(resolve))
      return schemaOf(key)
    },
  }
}

test('a page of connectors is asked about five at a time', async () => {
  const opened = await openConnect(['describe'])
  const open = { ...opened, context: { ...opened.context, maxWaitMs: 60_000 } }
  const { begun, endOne, read } = heldReadings()
  open.script.inputs = read
  const keys = Array.from({ length: 12 }, (_, number) => `app-${number}`)
  const asked = ask(open, ...keys)
  for (let begin = 5; begin <= keys.length; begin += 1) {
    await expect.poll(() => begun, patiently).toHaveLength(begin)
    endOne()
  }
  for (let left = 4; left > 0; left -= 1) endOne()

  expect(await asked).toEqual(keys.map(schemaOf))
  expect(begun).toEqual(keys)
})

test('who asks while a connector is being read joins that reading', async () => {
  const open = await openConnect(['describe'])
  const { begun, endOne, read } = heldReadings()
  open.script.inputs = read
  const asked = [ask(open, 'a'), ask(open, 'a')]
  await expect.poll(() => begun, patiently).toEqual(['a'])
  const third = ask(open, 'a', 'a')
  endOne()

  expect(await Promise.all(asked)).toEqual([[schemaOf('a')], [schemaOf('a')]])
  expect(await third).toEqual([schemaOf('a'), schemaOf('a')])
  expect(begun).toEqual(['a'])
})

test('a provider that takes its time is not waited for, and its answer serves the next who asks', async () => {
  const open = await openConnect(['describe'])
  const { begun, endOne, read } = heldReadings()
  open.script.inputs = read
  const impatient = { ...open, context: { ...open.context, maxWaitMs: 1 } }
  expect(await ask(impatient, 'a')).toEqual([standard])
  expect(begun).toEqual(['a'])
  endOne()
  await open.idle()

  expect(await ask(impatient, 'a')).toEqual([schemaOf('a')])
  expect(begun).toEqual(['a'])
})

test('after a day it is read anew, and until that succeeds the older answer stands', async () => {
  const open = await openConnect(['describe'])
  open.script.inputs = async () => ({ title: 'old' })
  expect(await ask(open, 'a')).toEqual([{ title: 'old' }])
  open.script.inputs = async () => ({ title: 'new' })
  open.clock.advance(day)
  expect(await ask(open, 'a')).toEqual([{ title: 'old' }])
  open.script.inputs = down
  open.clock.advance(1)
  expect(await ask(open, 'a')).toEqual([{ title: 'old' }])
  open.script.inputs = async () => ({ title: 'new' })
  open.clock.advance(10)
  expect(await ask(open, 'a')).toEqual([{ title: 'new' }])
})

test('a provider that fails is left alone for ten seconds, or as long as it says', async () => {
  const open = await openConnect(['describe'])
  let count = 0
  let retryAfterSeconds: number | undefined
  open.script.inputs = async () => {
    count += 1
    throw new ProviderError('FIVETRAN', 'PROVIDER_RATE_LIMITED', 'wait', { retryAfterSeconds })
  }
  const countAfter = async (seconds: number) => {
    open.clock.advance(seconds)
    expect(await ask(open, 'a')).toEqual([standard])
    return count
  }
  expect([await countAfter(0), await countAfter(9), await countAfter(1)]).toEqual([1, 1, 2])
  retryAfterSeconds = 60
  expect([await countAfter(10), await countAfter(59), await countAfter(1)]).toEqual([3, 3, 4])
  expect(open.logged()).toBe('')
})

test('what the provider has against one connector keeps nobody from the others', async () => {
  const open = await openConnect(['describe'])
  open.script.inputs = async (key) => {
    if (key === 'bad') throw new ProviderError('FIVETRAN', 'PROVIDER_REJECTED', 'no')
    return schemaOf(key)
  }
  const keys = ['bad', ...Array.from({ length: 11 }, (_, number) => `app-${number}`)]
  expect(await ask(open, ...keys)).toEqual([standard, ...keys.slice(1).map(schemaOf)])
})

test('what fails unexpectedly is logged, and fails nobody', async () => {
  const open = await openConnect(['describe'])
  open.script.inputs = async () => {
    throw new TypeError('a bug')
  }
  expect(await ask(open, 'a')).toEqual([standard])
  expect(open.logged()).toContain('a bug')
})

test('"no more than the catalogue says" is an answer, which is kept', async () => {
  const open = await openConnect(['describe'])
  let count = 0
  open.script.inputs = async () => {
    count += 1
    return null
  }
  expect([await ask(open, 'a'), await ask(open, 'a')]).toEqual([[standard], [standard]])
  expect(count).toBe(1)
})

test('a provider that says everything in its catalogue is not asked', async () => {
  const open = await openConnect()
  open.script.inputs = down
  expect(await ask(open, 'a', 'b')).toEqual([standard, standard])
})

test('what nobody asks for is forgotten as everything else', async () => {
  const open = await openConnect(['describe'])
  const stored = () => open.db.selectFrom('configSchemas').select('key').execute()
  open.script.inputs = async (key) => schemaOf(key)
  await ask(open, 'a')
  open.clock.advance(90 * day)
  await applyRetention(open.context)
  expect(await stored()).toEqual([{ key: 'a' }])
  open.clock.advance(1)
  await applyRetention(open.context)
  expect(await stored()).toEqual([])
})
