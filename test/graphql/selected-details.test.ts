import { type GraphQLOutputType, getNamedType, isObjectType } from 'graphql'
import { expect, test } from 'vitest'
import { schema } from '../../src/graphql/schema.ts'
import { startTestGateway } from '../helpers/gateway.ts'
import { createConnection } from './open.ts'

const owner = {
  endUser: { id: 'ada', name: 'Ada', email: 'ada@x.test', organization: { id: 'acme', name: 'Acme' } },
}

/** A selection of all fields, to this depth; empty for values without fields. */
function selectionOf(output: GraphQLOutputType, depth: number): string {
  const type = getNamedType(output)
  if (!isObjectType(type)) return ''
  if (depth === 0) return '{ __typename }'
  const fields = Object.values(type.getFields()).filter(({ args }) => args.length === 0)
  return `{ ${fields.map((field) => `${field.name} ${selectionOf(field.type, depth - 1)}`).join(' ')} }`
}

test('each field of a connection has the same value in a list as alone', { timeout: 60_000 }, async () => {
  const gateway = await startTestGateway()
  const id = await createConnection(gateway, 'PIPEDREAM', {
    ...owner,
    tags: [{ key: 'team', value: 'data' }],
  })
  const type = schema.getType('Connection')
  if (!isObjectType(type)) throw new Error('Connection is not an object type')
  const read = async (query: string) => JSON.parse(await (await gateway.post(query)).text())
  for (const { name, type: fieldType } of Object.values(type.getFields())) {
    const field = `${name} ${selectionOf(fieldType, 2)}`
    const single = await read(`{ node(id: "${id}") { ... on Connection { ${field} } } }`)
    const fragment = `fragment Field on Connection { ${field} }`
    for (const selection of [
      `nodes { ${field} }`,
      `edges { node { ... on Connection { ${field} } } }`,
      'nodes { ...Field }',
    ]) {
      const text = `{ connections(filter: { endUserId: "ada" }) { ${selection} } } ${selection.includes('...Field') ? fragment : ''}`
      const { data, errors } = await read(text)
      expect(errors, text).toBeUndefined()
      expect(data.connections.nodes?.[0] ?? data.connections.edges[0].node, text).toEqual(single.data.node)
    }
  }
})
