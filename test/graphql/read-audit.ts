import { z } from 'zod'
import { verifyAuditChain } from '../../src/store/audit-verification.ts'
import type { TestGateway } from '../helpers/gateway.ts'
import { postQuery } from './open.ts'

const text = z.string().nullable()

const pageShape = z.object({
  auditEvents: z.object({
    totalCount: z.number(),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: text }),
    nodes: z.array(
      z.object({
        id: z.string(),
        number: z.number(),
        at: z.string(),
        actor: z.object({ kind: z.string(), id: text, name: text }),
        operation: z.string(),
        outcome: z.string(),
        errorCode: text,
        endUserId: text,
        organizationId: text,
        targets: z.array(z.object({ type: z.string(), id: z.string() })),
        address: text,
        userAgent: text,
        requestId: text,
        hash: z.string(),
      }),
    ),
  }),
})

export const auditQuery = `query ($filter: AuditEventFilter, $first: Int, $after: String) {
  auditEvents(filter: $filter, first: $first, after: $after) {
    totalCount
    pageInfo { hasNextPage endCursor }
    nodes {
      id number at actor { kind id name } operation outcome errorCode endUserId organizationId
      targets { type id } address userAgent requestId hash
    }
  }
}`

/** A page of the audit log, newest first, as the API key reads it. Throws if there are errors. */
export async function auditPage(gateway: TestGateway, variables: object = {}) {
  const { data, text: body } = await postQuery(gateway, auditQuery, { first: 100, ...variables })
  if (data == null) throw new Error(body)
  return pageShape.parse(data).auditEvents
}

/** The events that match the filter, newest first. */
export const readAudit = async (gateway: TestGateway, filter: object = {}) =>
  (await auditPage(gateway, { filter })).nodes

/** What is wrong with the hash chain; `null`: nothing. */
export const problemOfChain = async ({ connect }: TestGateway) => (await verifyAuditChain(connect.db)).problem

/** The changes in order, without the calls, each as "operation by ACTOR". */
export async function changesOf(gateway: TestGateway, filter: object = {}) {
  const events = await readAudit(gateway, filter)
  return events
    .filter(({ operation }) => operation.includes('.'))
    .map(({ operation, actor }) => `${operation} by ${actor.kind}`)
    .toReversed()
}
