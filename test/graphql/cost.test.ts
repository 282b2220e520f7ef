import { expect, test } from 'vitest'
import { createTestClock } from '../helpers/clock.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { openSandbox } from '../sandbox/open.ts'
import { countStatements } from './count-statements.ts'
import { answerTo, forgetRequests, madeLink, requestsTo } from './open.ts'

test('a hundred connections with provider and connector cost three statements, and no call of a provider', async () => {
  const clock = createTestClock()
  const sandbox = await openSandbox({ clock, connections: 50 })
  const gateway = await startTestGateway({ clock, sandbox })
  const list = (first: number) =>
    answerTo(
      gateway,
      `{ connections(first: ${first}) { totalCount nodes {
           endUser { id } provider { name status capabilities { directions } } externalAccount { id }
           connector { name provider { key } } health { code } tags { key } } } }`,
    )
  await list(1)
  await forgetRequests(gateway)

  const statementsOf = countStatements()
  const few = await statementsOf(() => list(5))
  const many = await statementsOf(async () => {
    const { text, codes } = await list(100)
    expect(codes).toEqual([])
    expect(text.match(/"endUser":/g)).toHaveLength(100)
  })
  expect(many).toBe(few)
  expect(few).toBe(3)
  expect(await requestsTo(gateway)).toEqual([])
})

test('what a hundred connections repeat costs no more than what five do', async () => {
  const clock = createTestClock()
  const sandbox = await openSandbox({ clock, connections: 50 })
  const gateway = await startTestGateway({ clock, sandbox })
  const list = (first: number) =>
    answerTo(gateway, `{ connections(first: ${first}) { nodes { duplicateOf { id } } } }`)
  await list(1)
  await forgetRequests(gateway)
  const statementsOf = countStatements()
  const few = await statementsOf(() => list(5))
  expect(await statementsOf(() => list(100))).toBe(few)
})

test('a hundred links with connection and history cost no more than five', async () => {
  const gateway = await startTestGateway()
  await forgetRequests(gateway)
  await Promise.all(
    Array.from({ length: 100 }, (_, number) =>
      madeLink(gateway, 'PIPEDREAM', { endUser: { id: `user-${number}` } }),
    ),
  )
  const list = (first: number) =>
    answerTo(
      gateway,
      `{ connectLinks(first: ${first}) { totalCount nodes {
           url provider { name } connector { name } connection { status } history { to } } } }`,
    )
  await forgetRequests(gateway)

  const statementsOf = countStatements()
  const few = await statementsOf(() => list(5))
  const many = await statementsOf(async () => {
    expect((await list(100)).text.match(/"history":/g)).toHaveLength(100)
  })
  expect(many).toBe(few)
  expect(await requestsTo(gateway)).toEqual([])
})

test('a search of the catalogue costs no call of a provider and no statement for each hit', async () => {
  const gateway = await startTestGateway()
  await forgetRequests(gateway)
  const search = (first: number) =>
    answerTo(gateway, `{ connectors(first: ${first}) { nodes { name provider { name } } } }`)
  const statementsOf = countStatements()
  const few = await statementsOf(() => search(1))
  expect(await statementsOf(() => search(100))).toBe(few)
  expect(await requestsTo(gateway)).toEqual([])
})
