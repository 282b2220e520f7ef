import type { SandboxRequest } from '../../http-types.ts'
import { objectOf, textOf } from '../../json.ts'
import type { Route } from '../../router.ts'
import { done, invalidInput, listPage, notFound, refusal, requiredField, success } from './responses.ts'
import type { Group, Ledger } from './state.ts'

/** Groups: the tenants, one destination each. */
export function groupRoutes(ledger: Ledger): Record<string, Route> {
  const one = (id: string) => ledger.state().groups.find((group) => group.id === id)
  const isNameTaken = (name: string) => ledger.state().groups.some((group) => group.name === name)
  return {
    'GET /v1/groups': (request) => listPage(ledger.state().groups, request, (group) => group),
    'POST /v1/groups': (request) => {
      const name = textOf(objectOf(request.body).name)
      if (name === undefined) return requiredField('name')
      if (isNameTaken(name)) return invalidInput(`Group name '${name}' is already in use`)
      return success(addGroup(ledger, name, request), 'Group has been created', 201)
    },
    'GET /v1/groups/:id': (_request, id) => {
      const group = one(id)
      return group === undefined ? notFound('Group', id) : success(group)
    },
    'PATCH /v1/groups/:id': (request, id) => {
      const group = one(id)
      if (group === undefined) return notFound('Group', id)
      const name = textOf(objectOf(request.body).name)
      if (name === undefined) return requiredField('name')
      if (name !== group.name && isNameTaken(name))
        return invalidInput(`Group name '${name}' is already in use`)
      group.name = name
      return success(group, 'Group has been updated')
    },
    'DELETE /v1/groups/:id': (_request, id) => {
      const { groups } = ledger.state()
      const at = groups.findIndex((group) => group.id === id)
      if (at === -1) return notFound('Group', id)
      const inUse = ledger.connections().some((connection) => connection.group_id === id)
      if (inUse) return refusal(409, 'Conflict', `Group with id '${id}' has connections`)
      groups.splice(at, 1)
      return done(`Group with id '${id}' has been deleted`)
    },
  }
}

function addGroup(ledger: Ledger, name: string, { now }: SandboxRequest): Group {
  const group = { id: ledger.newId(), name, created_at: now.toISOString() }
  ledger.state().groups.push(group)
  return group
}
