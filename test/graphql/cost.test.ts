import { expect, test } from 'vitest'
import { createTestClock } from '../helpers/clock.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { openSandbox } from '../sandbox/open.ts'
import { countStatements } from './count-statements.ts'
import { awaitSyncsAndClearRequests, createLinkOrThrow, postQuery, providerRequests } from './open.ts'

test('100 connections with provider and connector take 2 statements and no provider request', async () => {
  const clock = createTestClock()
  const sandbox = await openSandbox({ clock, connections: 50 })
  const gateway = await startTestGateway({ clock, sandbox })
  const list = (first: number) =>
    postQuery(
      gateway,
      `{ connections(first: ${first}) { totalCount nodes {
           endUser { id } provider { name status capabilities { directions } } externalAccount { id }
           connector { name provider { key } } health { code } tags { key } } } }`,
    )
  await list(1)
  await awaitSyncsAndClearRequests(gateway)

  const statementsOf = countStatements()
  const few = await statementsOf(() => list(5))
  const many = await statementsOf(async () => {
    const { text, codes } = await list(100)
    expect(codes).toEqual([])
    expect(text.match(/"endUser":/g)).toHaveLength(100)
  })
  expect(many).toBe(few)
  expect(few).toBe(2)
  expect(await providerRequests(gateway)).toEqual([])
})

test('duplicateOf takes as many statements for 100 connections as for 5', async () => {
  const clock = createTestClock()
  const sandbox = await openSandbox({ clock, connections: 50 })
  const gateway = await startTestGateway({ clock, sandbox })
  const list = (first: number) =>
    postQuery(gateway, `{ connections(first: ${first}) { nodes { duplicateOf { id } } } }`)
  await list(1)
  await awaitSyncsAndClearRequests(gateway)
  const statementsOf = countStatements()
  const few = await statementsOf(() => list(5))
  expect(await statementsOf(() => list(100))).toBe(few)
})

test('100 links with connection and history take as many statements as 5', async () => {
  const gateway = await startTestGateway()
  await awaitSyncsAndClearRequests(gateway)
  await Promise.all(
    Array.from({ length: 100 }, (_, number) =>
      createLinkOrThrow(gateway, 'PIPEDREAM', { endUser: { id: `user-${number}` } }),
    ),
  )
  const list = (first: number) =>
    postQuery(
      gateway,
      `{ connectLinks(first: ${first}) { totalCount nodes {
           url provider { name } connector { name } connection { status } history { to } } } }`,
    )
  await awaitSyncsAndClearRequests(gateway)

  const statementsOf = countStatements()
  const few = await statementsOf(() => list(5))
  const many = await statementsOf(async () => {
    expect((await list(100)).text.match(/"history":/g)).toHaveLength(100)
  })
  expect(many).toBe(few)
  expect(await providerRequests(gateway)).toEqual([])
})

test('a list of connectors takes no provider request and no statement per entry', async () => {
  const gateway = await startTestGateway()
  await awaitSyncsAndClearRequests(gateway)
  const search = (first: number) =>
    postQuery(gateway, `{ connectors(first: ${first}) { nodes { name provider { name } } } }`)
  const statementsOf = countStatements()
  const few = await statementsOf(() => search(1))
  expect(await statementsOf(() => search(100))).toBe(few)
  expect(await providerRequests(gateway)).toEqual([])
})
