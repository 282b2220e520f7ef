import { expect, test } from 'vitest'
import { inspectCredentials } from '../../src/app/inspect-credentials.ts'
import type { ProviderAdapter } from '../../src/providers/adapter.ts'
import { definitionByKey } from '../../src/providers/index.ts'
import { createProviderRegistry, type Provider } from '../../src/providers/provider-registry.ts'
import { createTestLog } from '../helpers/log.ts'
import { adapterOf, capabilitiesOf } from '../helpers/providers.ts'

const inspecting = (inspect: ProviderAdapter['inspectCredentials'], sandbox = false): Provider => ({
  key: 'NANGO',
  name: 'Nango',
  capabilities: capabilitiesOf('NANGO'),
  linkOptions: definitionByKey.NANGO.linkOptions,
  sandbox,
  bound: {
    accountKey: 'account',
    remoteAccount: 'account',
    isFormerAccount: () => false,
    adapter: { ...adapterOf('XPANDER'), ...(inspect && { inspectCredentials: inspect }) },
  },
})

const finding = async () => ({ findings: [{ severity: 'WARN', message: 'The key may do more.' }] as const })

async function logOf(provider: Provider): Promise<string> {
  const { log, text } = createTestLog()
  await inspectCredentials({ providers: createProviderRegistry([provider]), log })
  return text()
}

test('logs what the credentials of a provider allow beyond what the gateway needs', async () => {
  expect(await logOf(inspecting(finding))).toContain('The key may do more.')
})

test.each([
  ['of the sandbox', inspecting(finding, true)],
  ['of a provider that cannot tell', inspecting(undefined)],
])('logs nothing about the credentials %s', async (_, provider) => {
  expect(await logOf(provider)).toBe('')
})

test('logs an inspection that fails, without the text of the error', async () => {
  const text = await logOf(inspecting(() => Promise.reject(new Error('secret-text'))))
  expect(text).toContain('could not be inspected')
  expect(text).not.toContain('secret-text')
})
