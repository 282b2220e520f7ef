import { describe, expect, test } from 'vitest'
import { startTestGateway, type TestGateway } from '../helpers/gateway.ts'
import { appendEvents } from '../store/audit.ts'
import { later } from '../store/rows.ts'
import { asEndUser } from './as-end-user.ts'
import { postQuery } from './open.ts'
import { auditPage, auditQuery, readAudit } from './read-audit.ts'

/** A gateway with five events, one per second, with different values. */
async function startWithEvents(): Promise<TestGateway> {
  const gateway = await startTestGateway({ env: { SANDBOX: 'off' } })
  const key = (id: string) => ({ actor: { kind: 'API_KEY', id, name: id } }) as const
  await appendEvents(gateway.connect.db, [
    { at: later(0), operation: 'one', endUserId: 'ada', ...key('key-1') },
    { at: later(1), operation: 'two', endUserId: 'bob', organizationId: 'acme', ...key('key-2') },
    { at: later(2), operation: 'three', outcome: 'DENIED', errorCode: 'FORBIDDEN', endUserId: 'ada' },
    { at: later(2), operation: 'four', endUserId: null, ...key('key-1') },
    { at: later(4), operation: 'one', outcome: 'FAILED', errorCode: 'NOT_FOUND', endUserId: 'ada' },
  ])
  return gateway
}

const numbers = (events: readonly { readonly number: number }[]) => events.map(({ number }) => number)

describe('auditEvents', () => {
  test('are newest first, in pages', async () => {
    const gateway = await startWithEvents()
    expect(numbers(await readAudit(gateway))).toEqual([5, 4, 3, 2, 1])
    const seen: number[] = []
    let after: string | null = null
    do {
      const page = await auditPage(gateway, { first: 2, after })
      expect(page.totalCount).toBe(5)
      seen.push(...numbers(page.nodes))
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after !== null)
    expect(seen).toEqual([5, 4, 3, 2, 1])
  })

  test.each([
    [{ actorKind: 'API_KEY' }, [4, 2, 1]],
    [{ actorId: 'key-1' }, [4, 1]],
    [{ endUserId: 'ada' }, [5, 3, 1]],
    [{ organizationId: 'acme' }, [2]],
    [{ operation: 'one' }, [5, 1]],
    [{ outcome: 'DENIED' }, [3]],
    [{ since: later(2) }, [5, 4, 3]],
    [{ until: later(2) }, [2, 1]],
    [{ since: later(1), until: later(4), endUserId: 'ada' }, [3]],
    [{ operation: 'one', outcome: 'SUCCESS' }, [1]],
    [{ endUserId: 'carol' }, []],
    [{ endUserId: null, since: null }, [5, 4, 3, 2, 1]],
  ])('match the filter %j', async (filter, expected) => {
    const gateway = await startWithEvents()
    const page = await auditPage(gateway, { filter })
    expect([numbers(page.nodes), page.totalCount]).toEqual([expected, expected.length])
  })

  test.each([
    [{ first: 0 }],
    [{ first: 101 }],
    [{ after: 'x' }],
    [{ after: Buffer.from('[1,"x"]').toString('base64url') }],
    [{ after: Buffer.from('[1e99,1]').toString('base64url') }],
    [{ filter: { endUserId: 'a\u0000' } }],
  ])('reject %j', async (variables) => {
    const gateway = await startWithEvents()
    expect((await postQuery(gateway, auditQuery, variables)).codes).toEqual(['BAD_USER_INPUT'])
  })

  test('are read by ID, and not by sessions', async () => {
    const gateway = await startWithEvents()
    const [event] = await readAudit(gateway)
    const nodeQuery = 'query ($id: ID!) { node(id: $id) { ... on AuditEvent { number operation } } }'
    const read = await postQuery(gateway, nodeQuery, { id: event?.id })
    expect(read.data).toEqual({ node: { number: 5, operation: 'one' } })

    const ada = await asEndUser(gateway, 'ada')
    expect((await ada.query(auditQuery)).codes).toEqual(['FORBIDDEN'])
    expect((await ada.query(nodeQuery, { id: event?.id })).data).toEqual({ node: null })
  })

  test.each(['x', '0', '-1', '1.5', '999999999999999999999'])('node is null for the ID %s', async (id) => {
    const gateway = await startWithEvents()
    const globalId = Buffer.from(`AuditEvent:${id}`).toString('base64url')
    const { data } = await postQuery(gateway, 'query ($id: ID!) { node(id: $id) { id } }', { id: globalId })
    expect(data).toEqual({ node: null })
  })
})
