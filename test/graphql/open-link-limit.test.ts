import { expect, test } from 'vitest'
import { z } from 'zod'
import { startTestGateway } from '../helpers/gateway.ts'
import { createdLink, createLinks, linkInput, storedLinks } from './create-many.ts'
import { awaitSyncsAndClearRequests } from './open.ts'
import { planLink } from './select-provider.ts'

const resultsShape = z.array(z.looseObject({ __typename: z.string() }))

test('createConnectLinks and planConnectLink return ConflictError beyond MAX_OPEN_LINKS_PER_END_USER', async () => {
  const gateway = await startTestGateway({ env: { MAX_OPEN_LINKS_PER_END_USER: '4' } })
  await awaitSyncsAndClearRequests(gateway)
  const tooMany = { __typename: 'ConflictError', code: 'TOO_MANY_OPEN_LINKS' }
  expect(await planLink(gateway)).toMatchObject({ __typename: 'PlanConnectLinkPayload' })
  const inputs = Array.from({ length: 6 }, () => linkInput('PIPEDREAM'))
  const results = resultsShape.parse(
    await createLinks(gateway, [...inputs, linkInput('PIPEDREAM', { endUser: { id: 'bob' } })]),
  )

  expect(results.at(-1)).toMatchObject(createdLink('PIPEDREAM', 'bob'))
  // They are created concurrently: any two of the six are too many.
  const [created, rejected] = ['CreateConnectLinkPayload', 'ConflictError'].map((type) =>
    results.slice(0, 6).filter(({ __typename }) => __typename === type),
  )
  expect(created).toMatchObject(Array(4).fill(createdLink('PIPEDREAM')))
  expect(rejected).toMatchObject([tooMany, tooMany])
  expect(await storedLinks(gateway)).toHaveLength(5)
  expect(await planLink(gateway)).toMatchObject(tooMany)
  expect(await planLink(gateway, {}, 'CENSUS')).toMatchObject(tooMany)
  expect(await planLink(gateway, { endUser: { id: 'bob' } })).toMatchObject({
    __typename: 'PlanConnectLinkPayload',
  })
})
