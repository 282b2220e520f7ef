import { expect, test } from 'vitest'
import { openGateway } from '../gateway.ts'

/** Nested arrays of that depth. */
const nested = (levels: number): readonly unknown[] => (levels === 1 ? [] : [nested(levels - 1)])

test('options that are nested too deeply return an InvalidInputError, not an internal error', async () => {
  const { create } = await openGateway()
  const createNested = (levels: number) =>
    create('FIVETRAN', {
      connector: 'github',
      endUser: { id: 'user-1' },
      idempotencyKey: `key ${levels}`,
      fivetran: { config: { deep: nested(levels) } },
    })

  expect(await createNested(40)).toMatchObject({ __typename: 'CreateConnectLinkPayload' })
  for (const levels of [60, 3_000])
    expect(await createNested(levels)).toMatchObject({
      __typename: 'InvalidInputError',
      issues: [{ message: 'is nested too deeply' }],
    })
})
