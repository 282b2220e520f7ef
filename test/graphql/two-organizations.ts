import type { ConnectionOwner, CreateSessionInput } from '../generated/graphql.ts'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { createConnection, createLinkOrThrow } from './open.ts'

const people = {
  ada: { id: 'ada', organization: null },
  adaOfAcme: { id: 'ada', organization: 'acme' },
  bobOfAcme: { id: 'bob', organization: 'acme' },
  adaOfGlobex: { id: 'ada', organization: 'globex' },
  eveOfGlobex: { id: 'eve', organization: 'globex' },
} as const

export type PersonName = keyof typeof people
export const personNames = Object.keys(people) as readonly PersonName[]

/** The input of an end user whose name and e-mail address contain the name of the person. */
export function endUserInput(name: PersonName) {
  const { id, organization } = people[name]
  return {
    id,
    name: `${name} Person`,
    email: `${name}@mail.example`,
    ...(organization !== null && { organization: { id: organization, name: `${organization} Inc.` } }),
  }
}

/** Creates a session of a person, in the person's organization. */
export const sessionOf = (
  gateway: TestGateway,
  name: PersonName,
  organizationAccess?: CreateSessionInput['organizationAccess'],
) => {
  const { organization } = endUserInput(name)
  return asEndUser(gateway, people[name].id, {
    ...(organization && { organization }),
    ...(organizationAccess && { organizationAccess }),
  })
}

export const connectionOf = (gateway: TestGateway, name: PersonName, ownedBy: ConnectionOwner = 'PERSON') =>
  createConnection(gateway, 'PIPEDREAM', {
    endUser: endUserInput(name),
    ownedBy,
    tags: [{ key: 'of', value: name }],
  })

/**
 * Starts a gateway with five end users: two in each of the organizations acme and globex, of whom one has the same ID in
 * both, and this one without an organization. Each has an open link and a connection of its own; ada in acme and eve in
 * globex have made one for their organization too.
 */
export async function startTwoOrganizationGateway() {
  const gateway = await startTestGateway()
  const links = {} as Record<PersonName, string>
  const connections = {} as Record<PersonName, string>
  for (const name of personNames) {
    connections[name] = await connectionOf(gateway, name)
    const input = { endUser: endUserInput(name), tags: [{ key: 'of', value: name }] }
    links[name] = (await createLinkOrThrow(gateway, 'CENSUS', input)).id
    gateway.clock.advance(3)
  }
  const shared = {
    acme: await connectionOf(gateway, 'adaOfAcme', 'ORGANIZATION'),
    globex: await connectionOf(gateway, 'eveOfGlobex', 'ORGANIZATION'),
  }
  gateway.clock.advance(3)
  return { gateway, links, connections, shared }
}
