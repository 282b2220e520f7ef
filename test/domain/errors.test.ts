import { expect, test } from 'vitest'
import { InvalidInputError } from '../../src/domain/errors.ts'

const scope = { path: ['input', 'pipedream', 'scope'], message: 'is not supported' }
const tag = { path: ['input', 'tags', '0', 'key'], message: 'must not be empty' }

test.each([
  [[scope], 'input.pipedream.scope: is not supported'],
  [[scope, tag], 'input.pipedream.scope: is not supported (and 1 more problem)'],
  [[tag, scope, scope], 'input.tags.0.key: must not be empty (and 2 more problems)'],
  [[{ path: [], message: 'is too long' }], 'is too long'],
])('the message of an invalid input names its first problem: %#', (issues, message) => {
  expect(new InvalidInputError(issues).message).toBe(message)
})
