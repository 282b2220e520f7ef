import { type FieldNode, type GraphQLResolveInfo, Kind, type SelectionSetNode } from 'graphql'
import { type ConnectionDetail, connectionDetails } from '../store/connection-list.ts'

/** The fields of `Connection` that need more than the columns of all rows. */
const detailsByField: Readonly<Partial<Record<string, ConnectionDetail>>> = {
  health: 'health',
  endUser: 'person',
  organization: 'person',
  ownerEvidence: 'person',
  externalAccount: 'account',
  tags: 'tags',
  lastCheckedAt: 'check',
}

type Selection = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>

const known = new WeakMap<FieldNode, readonly ConnectionDetail[]>()

/** The details of connections that are selected below a field, or a few more: the types of the fields do not count. */
export function selectedDetails({ fieldNodes, fragments }: Selection): readonly ConnectionDetail[] {
  const [only, ...others] = fieldNodes
  const cached = only && others.length === 0 ? known.get(only) : undefined
  if (cached !== undefined) return cached
  const names = new Set<string>()
  for (const { selectionSet } of fieldNodes) addFields(names, selectionSet, fragments)
  const selected = new Set([...names].map((name) => detailsByField[name]))
  // In one order, so that the same details are the same statement.
  const details = connectionDetails.filter((detail) => selected.has(detail))
  // Documents are parsed once; their fields are the same objects in each execution.
  if (only && others.length === 0) known.set(only, details)
  return details
}

function addFields(
  names: Set<string>,
  set: SelectionSetNode | undefined,
  fragments: Selection['fragments'],
): void {
  for (const selection of set?.selections ?? []) {
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      addFields(names, fragments[selection.name.value]?.selectionSet, fragments)
      continue
    }
    if (selection.kind === Kind.FIELD) names.add(selection.name.value)
    addFields(names, selection.selectionSet, fragments)
  }
}
