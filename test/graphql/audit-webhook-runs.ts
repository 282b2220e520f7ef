import { type TestGateway, testApiKey } from '../helpers/gateway.ts'

const agent = { authorization: `Bearer ${testApiKey}`, 'user-agent': 'audit-test/1' }
const create = `mutation { createWebhookEndpoint(input: { url: "https://app.example.com/webhooks" }) {
  __typename ... on CreateWebhookEndpointPayload { webhookEndpoint { id } } ... on Error { code } } }`
const sendTest = `mutation ($id: ID!) { sendTestWebhook(endpointId: $id) {
  __typename ... on SendTestWebhookPayload { webhookMessage { id } } ... on Error { code } } }`

const idOf = async (response: Response) => /"id":"([^"]+)"/.exec(await response.text())?.[1] ?? ''
const createdEndpoint = async ({ post }: TestGateway) => idOf(await post(create))
const queuedMessage = async (gateway: TestGateway) =>
  idOf(await gateway.post(sendTest, { id: await createdEndpoint(gateway) }))

/** Calls a mutation with the arguments in the text, of which `$id` is one. */
const run = (call: string) => (gateway: TestGateway, id: string) =>
  gateway.post(`mutation ($id: ID!) { ${call} { __typename ... on Error { code } } }`, { id }, agent)

const ofEndpoint = (call: string) => ({
  prepare: createdEndpoint,
  run: run(call),
  endUserId: null,
  targets: ['WebhookEndpoint'],
})

/** One successful call of each mutation about webhooks. */
export const webhookRuns = {
  createWebhookEndpoint: {
    run: ({ post }: TestGateway) => post(create, {}, agent),
    endUserId: null,
    targets: ['WebhookEndpoint'],
  },
  updateWebhookEndpoint: ofEndpoint('updateWebhookEndpoint(id: $id, input: { disabled: true })'),
  rotateWebhookSecret: ofEndpoint('rotateWebhookSecret(id: $id)'),
  deleteWebhookEndpoint: ofEndpoint('deleteWebhookEndpoint(id: $id)'),
  sendTestWebhook: ofEndpoint('sendTestWebhook(endpointId: $id)'),
  redeliverWebhook: {
    prepare: queuedMessage,
    run: run('redeliverWebhook(id: $id)'),
    endUserId: null,
    targets: ['WebhookMessage'],
  },
}
