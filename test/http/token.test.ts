import type { RequestListener } from 'node:http'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { HttpClient } from '../../src/http/http-types.ts'
import { clientCredentials } from '../../src/http/token.ts'
import { readBody } from '../helpers/listen.ts'
import { call, openClient } from './open.ts'

const wanted = {
  method: 'GET',
  path: '/thing',
  responseSchema: z.object({ ok: z.boolean() }),
  purpose: 'read',
} as const

interface Tokens {
  readonly http: HttpClient
  /** Bodies of the token calls. */
  readonly asked: readonly unknown[]
  /** `Authorization` of the other calls. */
  readonly used: readonly unknown[]
  /** Tokens from before this one are refused from now on. */
  refuseBefore(number: number): void
  failNext(): void
  advance(seconds: number): void
}

/** A server that gives tokens 1, 2, 3 …, and a client of it. */
async function openTokens(expiresIn = 3600): Promise<Tokens> {
  const clock = { at: Date.parse('2026-11-22T12:00:00Z') }
  const valid = { from: 1, fail: false }
  const asked: unknown[] = []
  const used: unknown[] = []
  const listener: RequestListener = async (request, response) => {
    const body = await readBody(request)
    const token = request.headers.authorization
    if (request.url === '/token') {
      asked.push(JSON.parse(body))
      response.writeHead(valid.fail ? 500 : 200)
      valid.fail = false
      response.end(JSON.stringify({ access_token: `t${asked.length}`, expires_in: expiresIn }))
      return
    }
    used.push(token)
    response.writeHead(Number(token?.slice('Bearer t'.length)) >= valid.from ? 200 : 401)
    response.end('{"ok":true}')
  }
  const plain = await openClient(listener, { authorization: { headers: async () => ({}) } })
  const authorization = clientCredentials({
    http: plain.http,
    path: '/token',
    credentials: { client_id: 'me', client_secret: 'the-secret' },
    now: () => new Date(clock.at),
    headers: { 'x-environment': 'test' },
  })
  const { http } = await openClient(listener, { authorization })
  return {
    http,
    asked,
    used,
    refuseBefore(number) {
      valid.from = number
    },
    failNext() {
      valid.fail = true
    },
    advance(seconds) {
      clock.at += seconds * 1000
    },
  }
}

const fifty = (http: HttpClient) => Promise.all(Array.from({ length: 50 }, () => http.send(wanted, call)))

test('fifty calls at once fetch one token, and later calls use it again', async () => {
  const { http, asked, used } = await openTokens()
  await fifty(http)
  await http.send(wanted, call)
  expect(asked).toEqual([{ grant_type: 'client_credentials', client_id: 'me', client_secret: 'the-secret' }])
  expect(new Set(used)).toEqual(new Set(['Bearer t1']))
})

test('a token is replaced two minutes before its end', async () => {
  const { http, asked, advance } = await openTokens(3600)
  await http.send(wanted, call)
  advance(3600 - 121)
  await http.send(wanted, call)
  expect(asked).toHaveLength(1)
  advance(2)
  await http.send(wanted, call)
  expect(asked).toHaveLength(2)
})

test('a token with a very short life is used for half of it', async () => {
  const { http, asked, advance } = await openTokens(60)
  await http.send(wanted, call)
  advance(29)
  await http.send(wanted, call)
  expect(asked).toHaveLength(1)
  advance(2)
  await http.send(wanted, call)
  expect(asked).toHaveLength(2)
})

test('fifty refusals of a token lead to one new token', async () => {
  const { http, asked, refuseBefore } = await openTokens()
  await http.send(wanted, call)
  refuseBefore(2)
  await fifty(http)
  expect(asked).toHaveLength(2)
})

test('a new token that is refused as well is the end of it', async () => {
  const { http, asked, refuseBefore } = await openTokens()
  refuseBefore(100)
  await expect(http.send(wanted, call)).rejects.toMatchObject({ code: 'PROVIDER_UNAUTHORIZED' })
  expect(asked).toHaveLength(2)
})

test('a failed fetch fails those who wait for it and nobody after them', async () => {
  const { http, failNext } = await openTokens()
  failNext()
  await expect(http.send(wanted, call)).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' })
  expect(await http.send(wanted, call)).toEqual({ ok: true })
})

test('a caller who leaves does not take the token away from the others', async () => {
  const { http, asked } = await openTokens()
  const leaving = new AbortController()
  const left = http.send(wanted, leaving)
  const stayed = http.send(wanted, call)
  leaving.abort(new Error('gone'))
  await expect(left).rejects.toThrow('gone')
  expect(await stayed).toEqual({ ok: true })
  expect(asked).toHaveLength(1)
})
