import { CreateApiKeyDocument, type CreateApiKeyInput, RotateApiKeyDocument } from '../generated/graphql.ts'
import { createTestClock } from '../helpers/clock.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { postQuery } from './open.ts'

/** Creates an API key with the bootstrap key. `query` sends documents with the new key. */
export async function asApiKey(gateway: TestGateway, input: Partial<CreateApiKeyInput> = {}) {
  const { createApiKey } = await gateway.send(CreateApiKeyDocument, {
    input: { name: 'Backend', scopes: ['links:read'], ...input },
  })
  if (createApiKey.__typename !== 'CreateApiKeyPayload') throw new Error(JSON.stringify(createApiKey))
  const { apiKey, key } = createApiKey
  return { ...apiKey, key, headers: { authorization: `Bearer ${key}` }, query: queryWith(gateway, key) }
}

/** Sends documents with that key. */
export const queryWith =
  (gateway: TestGateway, key: string) =>
  (query: string, variables: object = {}) =>
    postQuery(
      {
        ...gateway,
        post: (...request) => gateway.post(request[0], request[1], { authorization: `Bearer ${key}` }),
      },
      query,
      variables,
    )

/** Rotates an API key with the bootstrap key. `query` sends documents with the new secret. */
export async function rotateKey(gateway: TestGateway, id: string, overlapSeconds?: number) {
  const variables = overlapSeconds === undefined ? { id } : { id, overlapSeconds }
  const { rotateApiKey } = await gateway.send(RotateApiKeyDocument, variables)
  if (rotateApiKey.__typename !== 'RotateApiKeyPayload') throw new Error(rotateApiKey.__typename)
  return { ...rotateApiKey.apiKey, query: queryWith(gateway, rotateApiKey.key) }
}

/** Two gateways on one database. */
export async function startTwoGateways() {
  const options = { env: { SANDBOX: 'off' }, clock: createTestClock() }
  const one = await startTestGateway(options)
  return { one, other: await startTestGateway({ ...options, keepData: true }) }
}
