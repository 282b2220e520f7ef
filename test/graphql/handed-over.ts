import { z } from 'zod'
import type { EndUser } from './as-end-user.ts'

type Caller = Pick<EndUser, 'query'>

const payloadShape = z.object({ url: z.string() })

/** Hands the link over; returns the colleague's address. Throws if the result is an error. */
export async function handOver(caller: Caller, id: string, input: object | null = null): Promise<string> {
  const result = await tryHandOver(caller, id, input)
  const { data: payload } = payloadShape.safeParse(result)
  if (payload === undefined) throw new Error(JSON.stringify(result))
  return payload.url
}

const handOverQuery = `mutation ($id: ID!, $input: HandOverConnectLinkInput) {
  handOverConnectLink(id: $id, input: $input) { __typename ... on HandOverConnectLinkPayload { url }
    ... on InvalidInputError { issues { path message } } ... on Error { code message } } }`

export async function tryHandOver(caller: Caller, id: string, input: object | null = null) {
  return (await caller.query(handOverQuery, { id, input })).data?.handOverConnectLink
}

/** Calls a mutation that returns the link by its ID. */
export async function callById(
  caller: Caller,
  name: 'takeBackConnectLink' | 'cancelConnectLinkAttempt',
  id: string,
) {
  const payload = `${name[0]?.toUpperCase()}${name.slice(1)}Payload`
  const { data } = await caller.query(
    `mutation ($id: ID!) { ${name}(id: $id) { __typename
      ... on ${payload} { connectLink { status lastFailure { code message } } } ... on Error { code } } }`,
    { id },
  )
  return data?.[name]
}

const linkShape = z.object({
  status: z.string(),
  url: z.string(),
  handOverPageUrl: z.string().nullable(),
  handOver: z
    .object({
      state: z.string(),
      message: z.string().nullable(),
      requesterName: z.string().nullable(),
      expiresAt: z.string(),
      openedAt: z.string().nullable(),
      declineReason: z.string().nullable(),
    })
    .nullable(),
  lastFailure: z.object({ code: z.string(), message: z.string().nullable() }).nullable(),
  history: z.array(z.object({ to: z.string(), source: z.string(), reason: z.string().nullable() })),
})

/** The link with its hand-over and history. */
export async function readLink(caller: Caller, id: string) {
  const { data } = await caller.query(
    `query ($id: ID!) { connectLink(id: $id) { status url handOverPageUrl
      handOver { state message requesterName expiresAt openedAt declineReason }
      lastFailure { code message } history { to source reason } } }`,
    { id },
  )
  return linkShape.parse(data?.connectLink)
}

/** The entries after the creation, as "OPENED by COLLEAGUE", with the reason if there is one. */
export async function entriesOf(caller: Caller, id: string): Promise<readonly string[]> {
  const { history } = await readLink(caller, id)
  return history.slice(1).map(({ to, source, reason }) => `${to} by ${source}${reason ? `: ${reason}` : ''}`)
}
