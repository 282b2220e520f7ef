import { randomUUID } from 'node:crypto'
import { vi } from 'vitest'
import { createAtProvider } from '../../../src/connect/create-link/create-at-provider.ts'
import { reconnectConnection } from '../../../src/connect/create-link/reconnect.ts'
import { call, openConnect, viewer } from '../open.ts'
import { connection } from '../script.ts'

const { signal } = call
/** The expected error. */
export const tooMany = { name: 'ConflictError', code: 'TOO_MANY_OPEN_LINKS' }

/** A fake provider and an end user who may have three open links; `created` counts the links made at the provider. */
export async function openLimited() {
  const opened = await openConnect(['disconnect', 'reconnect'], { maxOpenLinksPerEndUser: 3 })
  const { adapter } = opened.provider
  const created = vi.spyOn(adapter, 'createLink')
  const reservations = () => opened.db.selectFrom('linkReservations').selectAll().execute()
  const create = (input: { idempotencyKey?: string; duplicatePolicy?: 'REUSE' } = {}) =>
    createAtProvider(opened.context, viewer, {
      provider: opened.provider,
      input: { connector: 'hubspot', endUser: { id: 'alice' }, options: {}, ...input },
      signal,
    })
  return {
    ...opened,
    created,
    reservations,
    create,
    /** Stores a reservation as a killed process leaves it behind. */
    async leaveReservation(linkId: string = randomUUID()) {
      const expiresAt = new Date(opened.clock.now().getTime() + 300_000)
      const reservation = { linkId, endUserId: 'alice', connectionId: null, expiresAt }
      await opened.db.insertInto('linkReservations').values(reservation).execute()
    },
    async fill() {
      const ids: string[] = []
      while (ids.length < 3) ids.push(await opened.createLink('alice'))
      return ids
    },
    /** Makes a connection of alice; returns its ID. */
    async connect(): Promise<string> {
      const id = await opened.createLink('alice')
      opened.script.check = async () => ({ kind: 'completed', connection: connection('c1') })
      const { connectionId } = await opened.refreshLink(id)
      opened.script.check = async () => ({ kind: 'open' })
      return connectionId ?? ''
    },
    reconnect: async (connectionId: string) =>
      (await reconnectConnection(opened.context, viewer, { connectionId, input: { options: {} }, signal }))
        .connectLink,
  }
}
