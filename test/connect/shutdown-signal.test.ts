import { expect, test } from 'vitest'
import { inputsOf } from '../../src/connect/catalogue/config-schemas.ts'
import { readAnew } from '../../src/connect/connections/refresh-connection.ts'
import type { Call } from '../../src/http/http-types.ts'
import { createProviderSet } from '../../src/providers/provider-registry.ts'
import { saveOne } from '../store/rows.ts'
import { openConnect } from './open.ts'
import { connection, connector } from './script.ts'

/** A gateway that is about to close, and the calls that its provider got. */
async function openClosing() {
  const opened = await openConnect()
  const ending = new AbortController()
  const calls: Call[] = []
  const adapter = {
    ...opened.provider.adapter,
    getConnection: async (_: unknown, call: Call) => {
      calls.push(call)
      return connection('remote-1')
    },
    readInputs: async (_: unknown, call: Call) => {
      calls.push(call)
      return null
    },
  }
  const provider = { ...opened.provider, adapter }
  const bound = { scope: provider.scope, adapter }
  const providers = createProviderSet([{ ...provider, bound }])
  return { ...opened, provider, calls, context: { ...opened.context, providers, closing: ending.signal } }
}

test('what is read while the gateway lives leaves nothing behind in its signal', async () => {
  const { context, provider, calls, db } = await openClosing()
  await readAnew(context, provider, await saveOne(db))
  await inputsOf(context, [{ ...connector('hubspot'), provider: 'FIVETRAN' }])

  expect(calls).toHaveLength(2)
  // A signal remembers every one that was ever derived from it.
  for (const { signal } of calls) expect(signal).not.toBe(context.closing)
})
