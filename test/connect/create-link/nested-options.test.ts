import { expect, test } from 'vitest'
import { openGateway } from '../gateway.ts'

/** That many lists, one in the other. */
const nested = (levels: number): readonly unknown[] => (levels === 1 ? [] : [nested(levels - 1)])

test('options that go deeper than anybody means are a problem of the input, not of the gateway', async () => {
  const { create } = await openGateway()
  const made = (levels: number) =>
    create('FIVETRAN', {
      connector: 'github',
      endUser: { id: 'user-1' },
      idempotencyKey: `of ${levels}`,
      fivetran: { config: { deep: nested(levels) } },
    })

  expect(await made(40)).toMatchObject({ __typename: 'CreateConnectLinkPayload' })
  for (const levels of [60, 3_000])
    expect(await made(levels)).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ message: 'is nested too deeply' }],
    })
})
