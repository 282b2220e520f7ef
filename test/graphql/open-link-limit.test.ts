import { expect, test } from 'vitest'
import { startTestGateway } from '../helpers/gateway.ts'
import { createdLink, createLinks, linkInput, storedLinks } from './create-many.ts'
import { awaitSyncsAndClearRequests } from './open.ts'
import { planLink } from './select-provider.ts'

test('createConnectLinks and planConnectLink return ConflictError beyond MAX_OPEN_LINKS_PER_END_USER', async () => {
  const gateway = await startTestGateway({ env: { MAX_OPEN_LINKS_PER_END_USER: '4' } })
  await awaitSyncsAndClearRequests(gateway)
  const tooMany = { __typename: 'ConflictError', code: 'TOO_MANY_OPEN_LINKS' }
  expect(await planLink(gateway)).toMatchObject({ __typename: 'PlanConnectLinkPayload' })
  const inputs = Array.from({ length: 6 }, () => linkInput('PIPEDREAM'))
  const results = await createLinks(gateway, [...inputs, linkInput('PIPEDREAM', { endUser: { id: 'bob' } })])

  const created = createdLink('PIPEDREAM')
  expect(results).toMatchObject([
    ...[created, created, created, created],
    ...[tooMany, tooMany],
    createdLink('PIPEDREAM', 'bob'),
  ])
  expect(await storedLinks(gateway)).toHaveLength(5)
  expect(await planLink(gateway)).toMatchObject(tooMany)
  expect(await planLink(gateway, {}, 'CENSUS')).toMatchObject(tooMany)
  expect(await planLink(gateway, { endUser: { id: 'bob' } })).toMatchObject({
    __typename: 'PlanConnectLinkPayload',
  })
})
