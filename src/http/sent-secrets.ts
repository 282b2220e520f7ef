import { readJson } from './response-body.ts'

interface SentRequest {
  readonly body?: unknown
  readonly publicFields?: readonly string[]
}

/**
 * What a request contained that a message must not repeat: its credentials, and all values of its body but those of
 * public fields and booleans.
 */
export function sentSecrets(
  { body, publicFields = [] }: SentRequest,
  headers: Readonly<Record<string, string>>,
): readonly string[] {
  const credentials = Object.entries(headers).filter(([name]) => credentialHeader.test(name))
  const fields = Object.entries(wireFormat(body)).filter(([name]) => !publicFields.includes(name))
  return [
    ...credentials.flatMap(([, value]) => credentialParts(value)),
    ...fields.flatMap(([, value]) => valuesIn(value)),
  ]
}

const credentialHeader = /auth|key|token|secret|cookie|signature/i

/** "Basic …" contains a pair, and "Bearer secret-token:…" a key with a prefix. */
function credentialParts(value: string): readonly string[] {
  const [scheme = '', credential] = value.split(' ')
  if (credential === undefined) return [value]
  const text = /^basic$/i.test(scheme) ? Buffer.from(credential, 'base64').toString() : credential
  return [value, credential, text, ...text.split(':')]
}

/** The fields as they were sent: a `URL`, for example, becomes its text. */
const wireFormat = (body: unknown): object => Object(JSON.parse(JSON.stringify(body ?? {})))

/** All texts and numbers of a JSON value; a text that is JSON itself, such as the key file of a service account, too. */
function valuesIn(value: unknown): readonly string[] {
  if (typeof value === 'number') return [String(value)]
  if (typeof value === 'string') {
    const inner = /^\s*[{[]/.test(value) ? readJson(value) : null
    return [value, ...valuesIn(inner)]
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(valuesIn) : []
}
