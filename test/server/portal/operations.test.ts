import { readdirSync, readFileSync } from 'node:fs'
import { type parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import { schema } from '../../../src/graphql/schema.ts'

const folder = new URL('../../../src/server/portal/', import.meta.url)

test('the operations of the portal are valid', async () => {
  const modules: readonly Record<string, unknown>[] = await Promise.all(
    readdirSync(folder)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => import(new URL(name, folder).href)),
  )
  const documents = modules.flatMap(({ portalOperations }) =>
    Array.isArray(portalOperations) ? (portalOperations as { document: ReturnType<typeof parse> }[]) : [],
  )
  const written = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && name !== 'run-operation.ts')
    .flatMap((name) => readFileSync(new URL(name, folder), 'utf8').match(/\boperation</g) ?? [])
  expect(documents.length).toBe(written.length)
  for (const { document } of documents) expect(validate(schema, document)).toEqual([])
})
