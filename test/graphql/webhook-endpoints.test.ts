import { expect, test } from 'vitest'
import {
  reencryptSecrets,
  storeEnvironmentEndpoint,
} from '../../src/connect/outgoing-webhooks/environment-endpoint.ts'
import { decryptSecret, encryptSecret } from '../../src/connect/outgoing-webhooks/sign-message.ts'
import { encodeGlobalId } from '../../src/graphql/ids.ts'
import { createEncryption } from '../../src/store/encryption.ts'
import {
  CreateWebhookEndpointDocument,
  DeleteWebhookEndpointDocument,
  RedeliverWebhookDocument,
  RotateWebhookSecretDocument,
  SendTestWebhookDocument,
  UpdateWebhookEndpointDocument,
  WebhookEndpointsDocument,
  WebhookMessagesDocument,
} from '../generated/graphql.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { asApiKey } from './as-api-key.ts'
import { asEndUser } from './as-end-user.ts'
import { unusedUuid } from './two-users.ts'

const start = () => startTestGateway({ env: { SANDBOX: 'off' } })
const url = 'https://app.example.com/webhooks'

async function create(gateway: TestGateway, input: object = {}) {
  const { createWebhookEndpoint: result } = await gateway.send(CreateWebhookEndpointDocument, {
    input: { url, ...input },
  })
  if (result.__typename !== 'CreateWebhookEndpointPayload') throw new Error(JSON.stringify(result))
  return { ...result.webhookEndpoint, secret: result.secret }
}

test('an endpoint is created, listed, changed, disabled, and deleted with its messages', async () => {
  const gateway = await start()
  const { id, secret } = await create(gateway, {
    description: 'Ours',
    eventTypes: ['connect_link.completed'],
  })
  expect(secret).toMatch(/^whsec_[\w+/]{43}=$/)
  expect((await gateway.send(WebhookEndpointsDocument, {})).webhookEndpoints).toEqual([
    expect.objectContaining({
      id,
      url,
      description: 'Ours',
      thin: false,
      isFromEnvironment: false,
      disabledAt: null,
    }),
  ])
  const input = { url: `${url}/2`, thin: true, description: null, eventTypes: [] }
  await gateway.send(UpdateWebhookEndpointDocument, { id, input })
  const [changed] = (await gateway.send(WebhookEndpointsDocument, {})).webhookEndpoints
  expect(changed).toMatchObject(input)
  await gateway.send(UpdateWebhookEndpointDocument, { id, input: { disabled: true } })
  expect((await gateway.send(WebhookEndpointsDocument, {})).webhookEndpoints[0]).toMatchObject({
    ...{ disabledAt: gateway.clock.now().toISOString(), disabledReason: 'API_CALL' },
  })
  await gateway.send(UpdateWebhookEndpointDocument, { id, input: { disabled: false } })
  await gateway.send(SendTestWebhookDocument, { endpointId: id })
  const page = await gateway.send(WebhookMessagesDocument, { endpointId: id, states: ['PENDING'], first: 1 })
  expect(page.node).toMatchObject({
    messages: { nodes: [{ type: 'webhook.test' }], pageInfo: { hasNextPage: false } },
  })
  const delivered = await gateway.send(WebhookMessagesDocument, { endpointId: id, states: ['DELIVERED'] })
  expect(delivered.node).toMatchObject({ messages: { nodes: [] } })
  await gateway.send(DeleteWebhookEndpointDocument, { id })
  expect((await gateway.send(WebhookEndpointsDocument, {})).webhookEndpoints).toEqual([])
  expect(await gateway.connect.db.selectFrom('webhookMessages').selectAll().execute()).toEqual([])
  expect(gateway.logged()).not.toContain(secret)
})

test.each([
  [{ url: 'http://app.example.com/' }, ['input', 'url']],
  [{ url: `https://app.example.com/${'x'.repeat(2_000)}` }, ['input', 'url']],
  [{ eventTypes: ['connect_link.opened', 'nonsense'] }, ['input', 'eventTypes', '1']],
  [{ eventTypes: ['webhook.test'] }, ['input', 'eventTypes', '0']],
  [{ description: ' ' }, ['input', 'description']],
])('%j is refused', async (input, path) => {
  const gateway = await start()
  const { createWebhookEndpoint: result } = await gateway.send(CreateWebhookEndpointDocument, {
    input: { url, ...input },
  })
  expect(result).toMatchObject({ __typename: 'InvalidInputError', issues: [{ path }] })
})

test('there can be 50 endpoints', async () => {
  const gateway = await start()
  await Promise.all(Array.from({ length: 50 }, () => create(gateway)))
  const { createWebhookEndpoint: result } = await gateway.send(CreateWebhookEndpointDocument, {
    input: { url },
  })
  expect(result).toMatchObject({ __typename: 'ConflictError', code: 'INVALID_STATE' })
})

test('unknown IDs are not found, and sessions and other API keys are refused', async () => {
  const gateway = await start()
  const { id } = await create(gateway)
  for (const unknown of [
    encodeGlobalId('WebhookEndpoint', unusedUuid),
    encodeGlobalId('ApiKey', unusedUuid),
    'junk',
    '',
  ]) {
    const answers = [
      (await gateway.send(UpdateWebhookEndpointDocument, { id: unknown, input: {} })).updateWebhookEndpoint,
      (await gateway.send(RotateWebhookSecretDocument, { id: unknown })).rotateWebhookSecret,
      (await gateway.send(DeleteWebhookEndpointDocument, { id: unknown })).deleteWebhookEndpoint,
      (await gateway.send(SendTestWebhookDocument, { endpointId: unknown })).sendTestWebhook,
      (await gateway.send(RedeliverWebhookDocument, { id: unknown })).redeliverWebhook,
      (await gateway.send(RedeliverWebhookDocument, { endpointId: unknown, since: '2026-01-01T00:00:00Z' }))
        .redeliverWebhook,
    ]
    for (const answer of answers) expect(answer, unknown).toMatchObject({ code: 'NOT_FOUND' })
  }
  const reader = await asApiKey(gateway, { name: 'reader', scopes: ['links:read'] })
  const user = await asEndUser(gateway, 'user-1')
  for (const { query } of [reader, user]) {
    expect(await query('{ webhookEndpoints { id } }')).toMatchObject({ data: null, codes: ['FORBIDDEN'] })
    expect((await query('query ($id: ID!) { node(id: $id) { id } }', { id })).data).toEqual({ node: null })
  }
})

test('secrets are encrypted with the current key at a start, so that a former key can be removed', async () => {
  const gateway = await start()
  const { connect } = gateway
  const { id } = await create(gateway)
  const [former, current] = [
    'a former key of more than 32 characters',
    'a current key of more than 32 characters',
  ]
  const row = (await connect.db.selectFrom('webhookEndpoints').selectAll().execute())[0]
  if (row === undefined) throw new Error('there is no endpoint')
  const secret = decryptSecret(connect.encryption, row.id, row.secretEncrypted)
  const old = encryptSecret(createEncryption(former), row.id, secret)
  const set = (columns: object) => connect.db.updateTable('webhookEndpoints').set(columns).execute()
  await set({ secretEncrypted: old, previousSecretEncrypted: old })
  await reencryptSecrets({ db: connect.db, encryption: createEncryption(current, [former]) })
  const [after] = await connect.db.selectFrom('webhookEndpoints').selectAll().execute()
  const encryption = createEncryption(current)
  for (const encrypted of [after?.secretEncrypted, after?.previousSecretEncrypted])
    expect(decryptSecret(encryption, row.id, encrypted ?? '')).toBe(secret)

  // One that cannot be decrypted stays, and does not stop the start.
  await set({ secretEncrypted: old })
  await reencryptSecrets({ db: connect.db, encryption })
  await storeEnvironmentEndpoint({ ...connect, encryption }, null)
  expect((await gateway.send(WebhookEndpointsDocument, {})).webhookEndpoints).toMatchObject([{ id }])
})

test('the endpoint of the environment follows its variables, and mutations cannot change it', async () => {
  const gateway = await start()
  const { connect } = gateway
  const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
  await storeEnvironmentEndpoint(connect, { url, secret })
  const [endpoint] = (await gateway.send(WebhookEndpointsDocument, {})).webhookEndpoints
  expect(endpoint).toMatchObject({ url, isFromEnvironment: true, eventTypes: [] })
  const id = endpoint?.id ?? ''
  const { updateWebhookEndpoint: refused } = await gateway.send(UpdateWebhookEndpointDocument, {
    id,
    input: { disabled: true },
  })
  expect(refused).toMatchObject({ code: 'INVALID_STATE' })
  await connect.db
    .updateTable('webhookEndpoints')
    .set({ disabledAt: new Date(), disabledReason: 'GONE' })
    .execute()
  await storeEnvironmentEndpoint(connect, { url, secret })
  expect((await gateway.send(WebhookEndpointsDocument, {})).webhookEndpoints[0]?.disabledReason).toBe('GONE')
  // With another key only, as after a rotation.
  const encryption = createEncryption('another key of more than 32 characters')
  await storeEnvironmentEndpoint({ ...connect, encryption }, { url, secret })
  await storeEnvironmentEndpoint(connect, { url: `${url}/new`, secret })
  expect((await gateway.send(WebhookEndpointsDocument, {})).webhookEndpoints).toMatchObject([
    { id, url: `${url}/new`, disabledReason: null },
  ])
  await storeEnvironmentEndpoint(connect, null)
  expect((await gateway.send(WebhookEndpointsDocument, {})).webhookEndpoints).toEqual([])
})
