import { ProviderError } from '../../domain/provider-error.ts'
import { backgroundWork, type RequestContext } from '../../http/http-types.ts'
import type { ProviderClocks } from '../../http/provider-clocks.ts'
import { definitionByKey } from '../../providers/index.ts'
import type { ConfiguredProvider } from '../../providers/provider-registry.ts'
import { clockResult, describeError, type Result, result } from './check.ts'

export interface AccountCheck {
  readonly account: ConfiguredProvider
  readonly clocks: ProviderClocks
  readonly webhookUrl: string | null
  /** How many connectors the last sync has stored; `null`: not known. */
  readonly storedConnectors: number | null
}

type Attempt<Value> = { readonly value: Value } | { readonly error: unknown }

/** Checks an account by reads at its provider. */
export async function checkAccount(check: AccountCheck, signal: AbortSignal): Promise<readonly Result[]> {
  const { account, clocks, webhookUrl, storedConnectors } = check
  const call = backgroundWork(signal)
  const [connectors, connections, diagnoses] = await Promise.all([
    attempt(countConnectors(account, storedConnectors, call)),
    attempt(readConnections(account, call)),
    attempt(account.adapter.diagnose?.({ webhookUrl, isThorough: true }, call) ?? Promise.resolve([])),
  ])
  const offset = clocks.offset(account.accountKey)
  return [
    ...credentialResults(account, connectors, connections),
    ...('value' in diagnoses ? diagnoses.value : diagnosisErrors(diagnoses.error, connectors)),
    offset === null
      ? result('SKIP', 'clock', `${account.name} has sent no time.`)
      : clockResult(account.name, offset),
    'value' in connectors
      ? catalogueResult(connectors.value, storedConnectors)
      : result('SKIP', 'catalogue', 'The catalogue cannot be read.'),
  ]
}

const attempt = <Value>(promise: Promise<Value>): Promise<Attempt<Value>> =>
  promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )

async function readConnections({ adapter }: ConfiguredProvider, call: RequestContext): Promise<void> {
  for await (const _ of adapter.listConnections([], call)) break
}

interface Count {
  readonly connectors: number
  /** Whether the provider has more: the reading ended when there were enough. */
  readonly hasMore: boolean
}

/** Reads no more pages than needed to see that the catalogue has not shrunk to less than half: rate limits are low. */
async function countConnectors(
  { adapter }: ConfiguredProvider,
  stored: number | null,
  call: RequestContext,
): Promise<Count> {
  let connectors = 0
  for await (const { items } of adapter.listConnectors(call)) {
    connectors += items.length
    if (connectors > 0 && connectors >= (stored ?? 0) / 2) return { connectors, hasMore: true }
  }
  return { connectors, hasMore: false }
}

function catalogueResult({ connectors, hasMore }: Count, stored: number | null): Result {
  if (connectors === 0)
    return result(
      'FAIL',
      'catalogue',
      'The catalogue is empty: check the rights and the plan of the account.',
    )
  const known = stored === null || stored === 0 ? '' : `; the last sync has stored ${stored}`
  if (!hasMore && connectors < (stored ?? 0) / 2)
    return result(
      'WARN',
      'catalogue',
      `The catalogue has only ${connectors} connectors${known}: check the rights and the plan of the account.`,
    )
  return result(
    'PASS',
    'catalogue',
    `The catalogue has ${hasMore ? 'at least ' : ''}${connectors} connectors${known}.`,
  )
}

/** One read that succeeds shows that the credentials are valid; then a refusal of the other is a missing right. */
function credentialResults(
  account: ConfiguredProvider,
  connectors: Attempt<unknown>,
  connections: Attempt<unknown>,
): readonly Result[] {
  const errors = [connections, connectors].flatMap((one) => ('error' in one ? [one.error] : []))
  const [error] = errors
  const accepted = result('PASS', 'credentials', `${account.name} accepts the credentials.`)
  if (error === undefined) return [accepted]
  if (errors.length === 1 && isRefusal(error))
    return [
      accepted,
      result('FAIL', 'rights', `${describeError(error)} Give the credentials the right for it.`),
    ]
  if (errors.every(isRefusal))
    return [result('FAIL', 'credentials', `${describeError(error)} ${credentialsHint(account)}`)]
  return [result('FAIL', 'credentials', describeError(errors.find((one) => !isRefusal(one))))]
}

const isRefusal = (error: unknown) => error instanceof ProviderError && error.code === 'PROVIDER_UNAUTHORIZED'

const credentialsHint = ({ key, organizationId }: ConfiguredProvider) =>
  organizationId === null
    ? `Check ${definitionByKey[key].credentials.join(', ')}.`
    : 'Replace them by the mutation rotateProviderAccount.'

/** If nothing can be read, the credentials' result says why. */
const diagnosisErrors = (error: unknown, connectors: Attempt<unknown>): readonly Result[] =>
  'error' in connectors
    ? []
    : [
        result(
          isRefusal(error) ? 'WARN' : 'SKIP',
          'rights',
          `The rights cannot be read. ${describeError(error)}`,
        ),
      ]
