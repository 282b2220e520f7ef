import { OperationTypeNode } from 'graphql'
import { beforeAll, describe, expect, test } from 'vitest'
import { sessionPermissions } from '../../src/domain/permissions.ts'
import type { OrganizationInput } from '../generated/graphql.ts'
import { testDatabase } from '../helpers/database.ts'
import { approveAndReturn, startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { newSeed, randomFrom } from '../helpers/random.ts'
import { asEndUser } from './as-end-user.ts'
import {
  type GeneratedOperation,
  generateOperation,
  type RootField,
  rootFieldsOf,
} from './generate-operation.ts'
import { createConnection, createLinkOrThrow, postQuery, waitForStatus } from './open.ts'
import { openStream } from './subscribe.ts'

const operationsPerField = 40
const seed = newSeed()

beforeAll(() => testDatabase())

/** Everything of an end user that another one must not receive, by a name for failure messages. */
type Markers = Readonly<Record<string, string>>

async function createDataOf(gateway: TestGateway, user: string, organization: OrganizationInput | null) {
  const endUser = {
    organization,
    id: `${user}-id`,
    name: `${user}-name`,
    email: `${user}@mail.example`,
  }
  const tags = [{ key: `${user}-tag`, value: `${user}-tag-value` }]
  const redirectUri = `https://${user}.example.com/return`
  const input = { endUser, tags, redirectUri }
  const connection = await createConnection(gateway, 'PIPEDREAM', input)
  // Accessible to other end users of the organization, without what names the person.
  if (organization !== null)
    await createConnection(gateway, 'PIPEDREAM', { ...input, ownedBy: 'ORGANIZATION' })
  const open = await createLinkOrThrow(gateway, 'CENSUS', input)
  const markers: Markers = {
    endUser: endUser.id,
    name: endUser.name,
    email: endUser.email,
    tag: `${user}-tag`,
    redirectUri: `${user}.example.com`,
    connection,
    link: open.id,
    url: open.url ?? '',
  }
  return { endUser, markers, link: open.id, url: open.url ?? '' }
}

/** Markers in a response that the caller did not send. */
function foreignIn(text: string, { variables }: GeneratedOperation, markers: Markers): readonly string[] {
  const sent = JSON.stringify(variables)
  return Object.entries(markers)
    .filter(([, marker]) => text.includes(marker) && !sent.includes(marker))
    .map(([name]) => name)
}

/** Replaces the texts that a call stores with a link and that later ones return: they would be the caller's own. */
function withOwnTexts(operation: GeneratedOperation): GeneratedOperation {
  const replace = (key: string, value: unknown) =>
    ['message', 'requesterName'].includes(key) && typeof value === 'string' ? 'a text' : value
  return { ...operation, variables: JSON.parse(JSON.stringify(operation.variables, replace)) }
}

async function startGateway(organization: OrganizationInput | null) {
  const gateway = await startTestGateway({ env: { RATE_LIMIT_SESSION: '1000000000' } })
  const ada = await createDataOf(gateway, 'ada', organization)
  const bob = await createDataOf(gateway, 'bob', organization)
  const values = {
    ID: [ada, bob].flatMap(({ markers }) => [markers.connection ?? '', markers.link ?? '']),
    String: [ada.endUser.id, ...Object.values(ada.markers), 'slack', 'github', ''],
  }
  return {
    gateway,
    ada,
    bob,
    values,
    session: await asEndUser(gateway, bob.endUser.id, {
      expiresInSeconds: 86_400,
      ...(organization && ({ organization, organizationAccess: 'MANAGE' } as const)),
    }),
  }
}

describe.each([
  ['without an organization', null],
  ['with access to the same organization', { id: 'acme', name: 'Acme' }],
])(
  `generated operations of an end user %s receive nothing of another one (TEST_SEED=${seed})`,
  (_, organization) => {
    test.each([OperationTypeNode.QUERY, OperationTypeNode.MUTATION])(
      '%s',
      { timeout: 120_000 },
      async (type) => {
        const { gateway, ada, bob, values, session } = await startGateway(organization)
        const random = randomFrom(seed)
        const executed = new Set<string>()
        let own = 0
        for (const field of rootFieldsOf(type)) {
          for (let count = 0; count < operationsPerField; count += 1) {
            gateway.clock.advance(61) // another minute of the rate limits
            const operation = withOwnTexts(generateOperation(type, field, { random, values }))
            const { text, codes } = await session.query(operation.query, operation.variables)
            expect(foreignIn(text, operation, ada.markers), textOf(operation)).toEqual([])
            for (const code of ['GRAPHQL_VALIDATION_FAILED', 'UNAUTHENTICATED'])
              expect(codes, textOf(operation)).not.toContain(code)
            if (codes.length === 0) executed.add(field.name)
            if (foreignIn(text, operation, bob.markers).length > 0) own += 1
          }
        }
        // Controls: operations are executed and return the caller's own data; the API key receives the markers.
        expect([...executed]).toEqual(
          rootFieldsOf(type)
            .filter(isForSessions)
            .map(({ name }) => name),
        )
        if (type === OperationTypeNode.QUERY) expect(own).toBeGreaterThan(10)
        // Also those that the caller has disconnected.
        const all =
          '{ connections(first: 100, filter: { statuses: [ACTIVE, NEEDS_ATTENTION, DISCONNECTED, PAUSED, PENDING, UNKNOWN] }) { nodes { id endUser { id name email } tags { key } } } }'
        const { text } = await postQuery(gateway, all)
        expect(text).toContain(ada.markers.email)
        expect(text).toContain(bob.markers.email)
      },
    )

    test('subscription', { timeout: 60_000 }, async () => {
      const { gateway, ada, bob, values, session } = await startGateway(organization)
      const random = randomFrom(seed)
      const operations = rootFieldsOf(OperationTypeNode.SUBSCRIPTION).flatMap((field) =>
        Array.from({ length: 3 }, () =>
          generateOperation(OperationTypeNode.SUBSCRIPTION, field, { random, values }),
        ),
      )
      const streams = await Promise.all(
        operations.map(async (operation) => {
          const stream = await openStream(gateway, { ...operation, headers: session.headers })
          stream.toItsEnd().catch(() => undefined) // aborted when the test finishes
          return { operation, received: stream.received }
        }),
      )
      const query = 'subscription { connectLinkUpdated { status } }'
      const control = await openStream(gateway, { query, headers: session.headers })
      for (const { link, url } of [ada, bob]) {
        await approveAndReturn(url)
        await waitForStatus(gateway, link, /COMPLETED/)
        gateway.clock.advance(10)
      }
      // Control: the caller's own changes arrive.
      await control.until(/"data":\{"connectLinkUpdated":\{"status":"COMPLETED"/)
      for (const { operation, received } of streams)
        expect(foreignIn(received(), operation, ada.markers), textOf(operation)).toEqual([])
    })
  },
)

const isForSessions = ({ extensions: { permission } }: RootField) =>
  permission === null || sessionPermissions.some((one) => one === permission)

const textOf = ({ query, variables }: GeneratedOperation) => `${query} ${JSON.stringify(variables)}`
