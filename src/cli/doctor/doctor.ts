import { type Config, ConfigError } from '../../app/config.ts'
import { createProviders } from '../../app/create-providers.ts'
import { createLog } from '../../app/log.ts'
import { gatewayIdentities } from '../../connect/util/gateway-identity.ts'
import { createEncryption, type Encryption } from '../../store/encryption.ts'
import { storedKeys } from '../dev-keys.ts'
import { exitCodes } from '../exit-codes.ts'
import { loadConfig } from '../load-config.ts'
import { type Output, progress } from '../output.ts'
import { runningSandbox } from '../use-sandbox.ts'
import { type Check, type Finding, result, runCheck } from './check.ts'
import { inspectDatabase } from './database.ts'
import { checkDisk } from './disk.ts'
import { checkLocal, checkPublicUrl } from './gateway.ts'
import { providerChecks } from './providers.ts'
import { reportFindings } from './report.ts'
import { checkApplicationEndpoint } from './webhook.ts'

export interface DoctorOptions {
  /** Whether a warning has the exit code of a failure. */
  readonly strict?: boolean
}

/** Checks the environment and all that the gateway depends on; the result is a report. Returns the exit code. */
export async function runDoctor({ strict = false }: DoctorOptions, output: Output): Promise<number> {
  let config: Config
  try {
    config = await loadConfig()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    reportFindings([{ subject: 'settings', ...result('FAIL', 'environment', error.message) }], output)
    return exitCodes.usage
  }
  const findings = await check(config)
  reportFindings(findings, output)
  const isFailure = ({ status }: Finding) => status === 'FAIL' || (strict && status === 'WARN')
  return findings.some(isFailure) ? exitCodes.failed : exitCodes.ok
}

async function check(config: Config): Promise<readonly Finding[]> {
  const log = createLog('silent')
  progress.show('checking the database …')
  const { results, database } = await inspectDatabase(config)
  const created = createProviders({ config, log, sandbox: await runningSandbox(config) })
  // Connections are closed even after an error, and the lock on the data folder is released.
  try {
    const encryption = encryptionOf(config)
    const providers = { config, created, db: database?.db ?? null, encryption, log }
    const checks = [...ownChecks(config, encryption), ...(await providerChecks(providers))]
    return [
      { subject: 'settings', ...result('PASS', 'environment', 'The environment is valid.') },
      ...results.map((one) => ({ subject: 'database', ...one })),
      ...(await runAll(checks)),
    ]
  } finally {
    progress.clear()
    await created.close()
    await database?.close()
  }
}

/** `null`: the key is not in the environment, and no start has generated one. */
function encryptionOf({ encryptionKey, oldEncryptionKeys, dataDir }: Config): Encryption | null {
  const key = encryptionKey ?? storedKeys(dataDir)?.encryptionKey
  return key === undefined ? null : createEncryption(key, oldEncryptionKeys)
}

function ownChecks(config: Config, encryption: Encryption | null): readonly Check[] {
  const identities = encryption && gatewayIdentities(encryption)
  return [
    { subject: 'disk', check: 'free space', run: () => checkDisk(config) },
    { subject: 'gateway', check: 'running', run: (signal) => checkLocal(config, signal) },
    {
      subject: 'public URL',
      check: 'reachable',
      run: (signal) => checkPublicUrl(config, identities, signal),
    },
    { subject: 'application', check: 'reachable', run: (signal) => checkApplicationEndpoint(config, signal) },
  ]
}

/** Runs the checks concurrently; returns their findings in the order of the checks. */
async function runAll(checks: readonly Check[]): Promise<readonly Finding[]> {
  let done = 0
  const findings = await Promise.all(
    checks.map(async (one) => {
      const found = await runCheck(one)
      done += 1
      progress.show(`${done} of ${checks.length} checks done …`)
      return found
    }),
  )
  return findings.flat()
}
