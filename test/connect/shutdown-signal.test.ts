import { expect, test } from 'vitest'
import { configSchemasOf } from '../../src/connect/catalogue/config-schemas.ts'
import { fetchConnection } from '../../src/connect/connections/refresh-connection.ts'
import type { RequestContext } from '../../src/http/http-types.ts'
import { createProviderRegistry } from '../../src/providers/provider-registry.ts'
import { saveOne } from '../store/rows.ts'
import { openConnect } from './open.ts'
import { connection, connector } from './script.ts'

/** A gateway that is about to close, and the calls that its provider got. */
async function openClosing() {
  const opened = await openConnect()
  const ending = new AbortController()
  const calls: RequestContext[] = []
  const adapter = {
    ...opened.provider.adapter,
    getConnection: async (_: unknown, call: RequestContext) => {
      calls.push(call)
      return connection('remote-1')
    },
    fetchConfigSchema: async (_: unknown, call: RequestContext) => {
      calls.push(call)
      return null
    },
  }
  const provider = { ...opened.provider, adapter }
  const bound = { accountKey: provider.accountKey, adapter }
  const providers = createProviderRegistry([{ ...provider, bound }])
  return {
    ...opened,
    provider,
    calls,
    context: { ...opened.context, providers, shutdownSignal: ending.signal },
  }
}

test('what is read while the gateway lives leaves nothing behind in its signal', async () => {
  const { context, provider, calls, db } = await openClosing()
  await fetchConnection(context, provider, await saveOne(db))
  await configSchemasOf(context, [{ ...connector('hubspot'), provider: 'FIVETRAN' }])

  expect(calls).toHaveLength(2)
  // A signal remembers every one that was ever derived from it.
  for (const { signal } of calls) expect(signal).not.toBe(context.shutdownSignal)
})
