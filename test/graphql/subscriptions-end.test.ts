import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test, vi } from 'vitest'
import { goThrough, startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { asEndUser } from './as-end-user.ts'
import { countStatements } from './count-statements.ts'
import { forgetRequests, madeLink } from './open.ts'
import { dataIn, openStream } from './subscribe.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const streams = [
  ['of one link', 'subscription ($id: ID) { connectLinkUpdated(id: $id) { id } }'],
  ['of all links', 'subscription { connectLinkUpdated { id } }'],
  ['of connections', 'subscription { connectionUpdated { id } }'],
] as const

test.each(streams)('a stream %s ends with the session that it was opened under', async (name, query) => {
  const gateway = await startTestGateway()
  const { id } = await madeLink(gateway, 'CENSUS', { endUser: { id: 'ada' } })
  const { headers } = await asEndUser(gateway, 'ada', { expiresInSeconds: 1 })
  const variables = name === 'of one link' ? { id } : {}
  const stream = await openStream(gateway, { query, variables, headers })
  expect(stream.response.status).toBe(200)
  await stream.until(/^:/)
  // What only waits for its time must not be taken for garbage.
  for (let round = 0; round < 3; round += 1) collectGarbage()
  const text = await stream.toItsEnd()
  expect(text.trimEnd()).toMatch(/event: complete\ndata:$/)
  expect(dataIn(text)).toHaveLength(name === 'of one link' ? 1 : 0)
  // The link had not ended: it was the session.
  await goThrough((await madeLink(gateway, 'CENSUS', { endUser: { id: 'ada' } })).url ?? '')
})

test.each(streams)('a stream %s does not begin under a session that has ended', async (_, query) => {
  const gateway = await startTestGateway()
  const { headers } = await asEndUser(gateway, 'ada', { expiresInSeconds: 1 })
  gateway.clock.advance(1)
  const { response } = await openStream(gateway, { query, headers })
  expect(response.status).toBe(401)
})

test.each(streams)('a stream %s ends in good order when the gateway stops', async (name, query) => {
  const gateway = await startTestGateway()
  const { id } = await madeLink(gateway, 'CENSUS')
  const variables = name === 'of one link' ? { id } : {}
  const stream = await openStream(gateway, { query, variables })
  await stream.until(/^:/)
  gateway.endStreams()
  expect((await stream.toItsEnd()).trimEnd()).toMatch(/event: complete\ndata:$/)
})

test('requests are still answered after the streams have ended', async () => {
  const gateway = await startTestGateway()
  gateway.endStreams()
  expect(await madeLink(gateway, 'CENSUS')).toMatchObject({ status: 'CREATED' })
  const late = await openStream(gateway, { query: streams[1][1] })
  expect((await late.toItsEnd()).trimEnd()).toMatch(/event: complete\ndata:$/)
})

test('a client that has gone away costs nothing any more', async () => {
  const gateway = await startTestGateway()
  const statementsOf = countStatements()
  const links = async (count: number) => {
    for (let made = 0; made < count; made += 1) await madeLink(gateway, 'CENSUS')
  }
  await forgetRequests(gateway)
  await links(1)
  const unwatched = await statementsOf(() => links(5))
  const watchers = await Promise.all(
    Array.from({ length: 3 }, () => openStream(gateway, { query: streams[1][1] })),
  )
  await Promise.all(watchers.map(({ until }) => until(/^:/)))
  collectGarbage()
  const watched = await statementsOf(async () => {
    await links(5)
    await Promise.all(watchers.map(({ until }) => until(/(event: next[\s\S]*){5}/)))
  })
  expect(watched).toBeGreaterThan(unwatched)
  for (const { leave } of watchers) leave()
  await vi.waitFor(async () => expect(await statementsOf(() => links(5))).toBe(unwatched), 10_000)
})

test('fifty clients that come and go leave nothing behind', async () => {
  const gateway = await startTestGateway()
  const { id } = await madeLink(gateway, 'CENSUS')
  for (let round = 0; round < 5; round += 1) {
    const open = () => openStream(gateway, { query: streams[0][1], variables: { id } })
    const all = await Promise.all(Array.from({ length: 10 }, open))
    await Promise.all(all.map(({ until }) => until(/event: next/)))
    for (const { leave } of all) leave()
  }
  expect(await warningsOf(gateway)).toEqual([])
})

/** Node's own, of too many listeners among others, and what the gateway holds for a mistake. */
async function warningsOf({ logged }: TestGateway): Promise<readonly string[]> {
  return logged()
    .split('\n')
    .filter((line) => /"level":"?(40|50|60|warn|error|fatal)/.test(line))
}
