import { ApolloClient, CombinedProtocolErrors, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { expect, onTestFinished, test } from 'vitest'
import { acceptsMultipart } from '../../src/server/multipart.ts'
import { RevokeConnectLinkDocument } from '../generated/graphql.ts'
import { startTestGateway, submitLinkPage, type TestGateway, testApiKey } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { createLinkOrThrow } from './open.ts'

const withKey = { authorization: `Bearer ${testApiKey}` }
const statusOf = gql`subscription ($id: ID) { connectLinkUpdated(id: $id) { status } }`
const multipart = 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0'

/** Subscribes with Apollo Client at its defaults. */
function subscribe({ url }: TestGateway, id: string | null, headers: Record<string, string> = withKey) {
  const client = new ApolloClient({
    link: new HttpLink({ uri: `${url}/graphql`, headers }),
    cache: new InMemoryCache(),
  })
  const statuses: string[] = []
  const errors: unknown[] = []
  const ended = new Promise<void>((resolve) => {
    const subscription = client
      .subscribe<{ connectLinkUpdated: { status: string } }>({ query: statusOf, variables: { id } })
      .subscribe({
        next({ data, error }) {
          if (data) statuses.push(data.connectLinkUpdated.status)
          if (error) errors.push(error)
        },
        error(error: unknown) {
          errors.push(error)
          resolve()
        },
        complete: resolve,
      })
    onTestFinished(() => subscription.unsubscribe())
  })
  return { statuses, errors, ended }
}

/** Sends the subscription as text. */
function openMultipart({ url }: TestGateway, id: string, accept = multipart) {
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { ...withKey, 'content-type': 'application/json', accept },
    body: JSON.stringify({
      query: 'subscription ($id: ID) { connectLinkUpdated(id: $id) { status } }',
      variables: { id },
    }),
  })
}

test('Apollo Client receives each status over its own transport, and the end', async () => {
  const gateway = await startTestGateway()
  const { id, url } = await createLinkOrThrow(gateway, 'CENSUS')
  const { statuses, errors, ended } = subscribe(gateway, id)
  await expect.poll(() => statuses).toEqual(['CREATED'])
  await submitLinkPage(url ?? '')
  await expect.poll(() => statuses).toEqual(['CREATED', 'OPENED'])
  await gateway.send(RevokeConnectLinkDocument, { id })
  await ended
  expect(statuses).toEqual(['CREATED', 'OPENED', 'REVOKED'])
  expect(errors).toEqual([])
})

test('the parts have the form of the protocol, with heartbeats', async () => {
  const gateway = await startTestGateway()
  const { id } = await createLinkOrThrow(gateway, 'CENSUS')
  const response = await openMultipart(gateway, id)
  expect(response.headers.get('content-type')).toBe(multipart)
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const beats = () => text.split('\r\n\r\n{}\r\n--graphql').length - 1
  while (beats() < 2) text += (await reader?.read())?.value ?? ''
  await gateway.send(RevokeConnectLinkDocument, { id })
  for (;;) {
    const { done = true, value = '' } = (await reader?.read()) ?? {}
    if (done) break
    text += value
  }
  expect(text.replaceAll(/\r\ncontent-type: application\/json\r\n\r\n\{\}\r\n--graphql/g, '')).toBe(
    [
      '\r\n--graphql',
      '\r\ncontent-type: application/json\r\n\r\n',
      '{"payload":{"data":{"connectLinkUpdated":{"status":"CREATED"}}}}',
      '\r\n--graphql\r\ncontent-type: application/json\r\n\r\n',
      '{"payload":{"data":{"connectLinkUpdated":{"status":"REVOKED"}}}}',
      '\r\n--graphql--\r\n',
    ].join(''),
  )
  const unknown = await openMultipart(gateway, 'unknown')
  expect(await unknown.text()).toMatch(/\{"payload":null,"errors":\[.*"NOT_FOUND".*\]\}\r\n--graphql--/)
  expect((await openMultipart(gateway, id, 'multipart/mixed')).status).toBe(406)
})

test('the end of a session reaches Apollo Client as an error of the protocol, and a shutdown as a cut', async () => {
  const gateway = await startTestGateway()
  const { headers } = await asEndUser(gateway, 'ada', { expiresInSeconds: 1 })
  const expired = subscribe(gateway, null, headers)
  await expired.ended
  expect(expired.errors).toHaveLength(1)
  const [error] = expired.errors
  expect(CombinedProtocolErrors.is(error) && error.errors[0]?.extensions?.code).toBe('UNAUTHENTICATED')

  const { id } = await createLinkOrThrow(gateway, 'CENSUS')
  const cut = subscribe(gateway, id)
  await expect.poll(() => cut.statuses).toEqual(['CREATED'])
  gateway.cutConnections()
  await cut.ended
  expect(cut.errors).toHaveLength(1)
})

test.each([
  ['multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json', true],
  ['multipart/mixed; boundary="graphql"; subscriptionSpec="1.0", text/event-stream', true],
  ['text/event-stream, multipart/mixed;subscriptionSpec=1.0', false],
  ['multipart/mixed;deferSpec=20220824,application/json', false],
  ['text/event-stream, multipart/mixed', false],
  ['*/*', false],
])('%s prefers multipart: %s', (accept, expected) => {
  expect(acceptsMultipart(accept)).toBe(expected)
})
