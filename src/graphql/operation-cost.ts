import { complexityFromQuery } from '@pothos/plugin-complexity'
import {
  type DocumentNode,
  type ExecutionArgs,
  type FieldNode,
  GraphQLError,
  getOperationAST,
  getVariableValues,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'

export type Operation = Pick<ExecutionArgs, 'schema' | 'document' | 'operationName' | 'variableValues'>

/**
 * The cost of the operation that will be executed. 0 if its variables are invalid: execution then resolves nothing and
 * reports all of them. An argument that cannot be read makes the cost unknown: its error is returned.
 */
export function costOf(args: Operation): number | GraphQLError {
  const operation = getOperationAST(args.document, args.operationName)
  if (operation == null) return 0
  const fragments = args.document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
  // The library measures the first operation of a document.
  const document: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] }
  try {
    return complexityFromQuery(document, {
      schema: args.schema,
      variables: args.variableValues ?? {},
    }).complexity
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error
    const variables = getVariableValues(
      args.schema,
      operation.variableDefinitions ?? [],
      args.variableValues ?? {},
    )
    return variables.errors ? 0 : error
  }
}

/** The names of the mutations that the document selects; none if it has no mutation. */
export function mutationsOf({ schema, document }: Pick<Operation, 'schema' | 'document'>): readonly string[] {
  const names = new Set<string>()
  const types = new TypeInfo(schema)
  const Field = ({ name }: FieldNode) => {
    if (types.getParentType() === schema.getMutationType()) names.add(name.value)
  }
  visit(document, visitWithTypeInfo(types, { Field }))
  return [...names].filter((name) => !name.startsWith('__'))
}
