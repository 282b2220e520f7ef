import { expect, test } from 'vitest'
import { fetchConfigSchemas } from '../../src/connect/catalogue/config-schemas.ts'
import { fetchConnection } from '../../src/connect/connections/refresh-connection.ts'
import type { RequestContext } from '../../src/http/http-types.ts'
import { createProviderRegistry } from '../../src/providers/provider-registry.ts'
import { saveOne } from '../store/rows.ts'
import { openConnect } from './open.ts'
import { connection, connector } from './script.ts'

/** A context with a shutdown signal of its own, and the calls that its provider received. */
async function openWithShutdownSignal() {
  const opened = await openConnect()
  const shutdown = new AbortController()
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
  const { accountKey, remoteAccount, isFormerAccount } = provider
  const bound = { accountKey, remoteAccount, isFormerAccount, adapter }
  const providers = createProviderRegistry([{ ...provider, bound }])
  return {
    ...opened,
    provider,
    calls,
    context: { ...opened.context, providers, shutdownSignal: shutdown.signal },
  }
}

test('reads use a child of the shutdown signal, which keeps no reference to it', async () => {
  const { context, provider, calls, db } = await openWithShutdownSignal()
  await fetchConnection(context, provider, await saveOne(db))
  await fetchConfigSchemas(context, [{ ...connector('hubspot'), provider: 'FIVETRAN' }])

  expect(calls).toHaveLength(2)
  // A long-lived signal keeps every signal that AbortSignal.any has derived from it.
  for (const { signal } of calls) expect(signal).not.toBe(context.shutdownSignal)
})
