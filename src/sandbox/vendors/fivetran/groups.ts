import type { SandboxRequest } from '../../http-types.ts'
import { objectOf, textOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import {
  errorResponse,
  invalidInput,
  listPage,
  notFound,
  requiredField,
  success,
  successWithoutData,
} from './responses.ts'
import type { FivetranState, Group } from './state.ts'

/** Groups: one per tenant, each with one destination. */
export function groupRoutes(state: FivetranState): Record<string, Route> {
  const findGroup = (id: string) => state.data().groups.find((group) => group.id === id)
  const isNameTaken = (name: string) => state.data().groups.some((group) => group.name === name)
  return {
    'GET /v1/groups': (request) => listPage(state.data().groups, request, (group) => group),
    'POST /v1/groups': (request) => {
      const name = textOf(objectOf(request.body).name)
      if (name === undefined) return requiredField('name')
      if (isNameTaken(name)) return invalidInput(`Group name '${name}' is already in use`)
      return success(addGroup(state, name, request), 'Group has been created', 201)
    },
    'GET /v1/groups/:id': (_request, id) => {
      const group = findGroup(id)
      return group === undefined ? notFound('Group', id) : success(group)
    },
    'PATCH /v1/groups/:id': (request, id) => {
      const group = findGroup(id)
      if (group === undefined) return notFound('Group', id)
      const name = textOf(objectOf(request.body).name)
      if (name === undefined) return requiredField('name')
      if (name !== group.name && isNameTaken(name))
        return invalidInput(`Group name '${name}' is already in use`)
      group.name = name
      return success(group, 'Group has been updated')
    },
    'DELETE /v1/groups/:id': (_request, id) => {
      const { groups } = state.data()
      const at = groups.findIndex((group) => group.id === id)
      if (at === -1) return notFound('Group', id)
      const inUse = state.connections().some((connection) => connection.group_id === id)
      if (inUse) return errorResponse(409, 'Conflict', `Group with id '${id}' has connections`)
      groups.splice(at, 1)
      return successWithoutData(`Group with id '${id}' has been deleted`)
    },
  }
}

function addGroup(state: FivetranState, name: string, { now }: SandboxRequest): Group {
  const group = { id: state.newId(), name, created_at: now.toISOString() }
  state.data().groups.push(group)
  return group
}
