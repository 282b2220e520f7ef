import type { RequestListener } from 'node:http'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { HttpClient } from '../../src/http/http-types.ts'
import { backgroundWork } from '../../src/http/http-types.ts'
import { clientCredentials } from '../../src/http/token.ts'
import { readBody } from '../helpers/listen.ts'
import { call, openClient } from './open.ts'

const request = {
  method: 'GET',
  path: '/thing',
  responseSchema: z.object({ ok: z.boolean() }),
  purpose: 'read',
} as const

interface TokenServer {
  readonly http: HttpClient
  /** Bodies of the token requests. */
  readonly tokenRequests: readonly unknown[]
  /** `Authorization` of the other requests. */
  readonly authorizations: readonly unknown[]
  /** From now on, tokens with a lower number are rejected. */
  rejectBefore(number: number): void
  /** The next token request is answered with 500. */
  failNext(): void
  advance(seconds: number): void
}

/** A server that issues the tokens t1, t2, t3 …, and a client of it. */
async function startTokenServer(expiresIn: unknown = 3600): Promise<TokenServer> {
  const clock = { at: Date.parse('2026-11-22T12:00:00Z') }
  const state = { firstValid: 1, failNext: false }
  const tokenRequests: unknown[] = []
  const authorizations: unknown[] = []
  const listener: RequestListener = async (incoming, response) => {
    const body = await readBody(incoming)
    const token = incoming.headers.authorization
    if (incoming.url === '/token') {
      tokenRequests.push(JSON.parse(body))
      response.writeHead(state.failNext ? 500 : 200)
      state.failNext = false
      response.end(JSON.stringify({ access_token: `t${tokenRequests.length}`, expires_in: expiresIn }))
      return
    }
    authorizations.push(token)
    response.writeHead(Number(token?.slice('Bearer t'.length)) >= state.firstValid ? 200 : 401)
    response.end('{"ok":true}')
  }
  const tokenClient = await openClient(listener, { authorization: { headers: async () => ({}) } })
  const authorization = clientCredentials({
    http: tokenClient.http,
    path: '/token',
    credentials: { client_id: 'me', client_secret: 'the-secret' },
    now: () => new Date(clock.at),
    headers: { 'x-environment': 'test' },
  })
  const { http } = await openClient(listener, { authorization })
  return {
    http,
    tokenRequests,
    authorizations,
    rejectBefore(number) {
      state.firstValid = number
    },
    failNext() {
      state.failNext = true
    },
    advance(seconds) {
      clock.at += seconds * 1000
    },
  }
}

const sendFifty = (http: HttpClient) =>
  Promise.all(Array.from({ length: 50 }, () => http.send(request, call)))

test('fifty concurrent calls fetch one token, and later calls reuse it', async () => {
  const { http, tokenRequests, authorizations } = await startTokenServer()
  await sendFifty(http)
  await http.send(request, call)
  expect(tokenRequests).toEqual([
    { grant_type: 'client_credentials', client_id: 'me', client_secret: 'the-secret' },
  ])
  expect(new Set(authorizations)).toEqual(new Set(['Bearer t1']))
})

test('refreshes a token two minutes before it expires', async () => {
  const { http, tokenRequests, advance } = await startTokenServer(3600)
  await http.send(request, call)
  advance(3600 - 121)
  await http.send(request, call)
  expect(tokenRequests).toHaveLength(1)
  advance(2)
  await http.send(request, call)
  expect(tokenRequests).toHaveLength(2)
})

test('uses a token with a very short lifetime for half of it', async () => {
  const { http, tokenRequests, advance } = await startTokenServer(60)
  await http.send(request, call)
  advance(29)
  await http.send(request, call)
  expect(tokenRequests).toHaveLength(1)
  advance(2)
  await http.send(request, call)
  expect(tokenRequests).toHaveLength(2)
})

test.each([null, '3600', -1])('reuses a token with the lifetime %j for eight minutes', async (lifetime) => {
  const { http, tokenRequests, advance } = await startTokenServer(lifetime)
  await http.send(request, call)
  advance(479)
  await http.send(request, call)
  expect(tokenRequests).toHaveLength(1)
  advance(2)
  await http.send(request, call)
  expect(tokenRequests).toHaveLength(2)
})

test('fifty concurrent 401s lead to one new token', async () => {
  const { http, tokenRequests, rejectBefore } = await startTokenServer()
  await http.send(request, call)
  rejectBefore(2)
  await sendFifty(http)
  expect(tokenRequests).toHaveLength(2)
})

test('throws PROVIDER_UNAUTHORIZED if the new token is rejected, too', async () => {
  const { http, tokenRequests, rejectBefore } = await startTokenServer()
  rejectBefore(100)
  await expect(http.send(request, call)).rejects.toMatchObject({ code: 'PROVIDER_UNAUTHORIZED' })
  expect(tokenRequests).toHaveLength(2)
})

test('a failed fetch rejects the waiting calls only; the next call fetches again', async () => {
  const { http, failNext } = await startTokenServer()
  failNext()
  await expect(http.send(request, call)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
  expect(await http.send(request, call)).toEqual({ ok: true })
})

test('a caller that disconnects does not abort the fetch for other callers', async () => {
  const { http, tokenRequests } = await startTokenServer()
  const caller = new AbortController()
  const aborted = http.send(request, backgroundWork(caller.signal))
  const other = http.send(request, call)
  caller.abort(new Error('disconnected'))
  await expect(aborted).rejects.toThrow('disconnected')
  expect(await other).toEqual({ ok: true })
  expect(tokenRequests).toHaveLength(1)
})
