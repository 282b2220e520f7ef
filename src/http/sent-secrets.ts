import { parseUrl } from '../domain/parse-url.ts'
import { readJson } from './response-body.ts'

interface SentRequest {
  readonly body?: unknown
  readonly publicFields?: readonly string[]
  readonly freeFields?: readonly string[]
}

/**
 * What a request contained that a message must not repeat: its credentials, all values of its body but those of public
 * fields and booleans, and the keys of free fields.
 */
export function sentSecrets(
  { body, publicFields = [], freeFields = [] }: SentRequest,
  headers: Readonly<Record<string, string>>,
): readonly string[] {
  const credentials = Object.entries(headers).filter(([name]) => credentialHeader.test(name))
  const fields = Object.entries(wireFormat(body)).filter(([name]) => !publicFields.includes(name))
  return [
    ...credentials.flatMap(([, value]) => credentialParts(value)),
    ...fields.flatMap(([, value]) => valuesIn(value)),
    ...fields.filter(([name]) => freeFields.includes(name)).flatMap(([, value]) => unusualKeys(value)),
  ]
}

const credentialHeader = /auth|key|token|secret|cookie|signature/i

/** "Basic …" contains a pair, and "Bearer secret-token:…" a key with a prefix. */
function credentialParts(value: string): readonly string[] {
  const [scheme = '', credential] = value.split(' ')
  if (credential === undefined) return [value]
  const text = /^basic$/i.test(scheme) ? Buffer.from(credential, 'base64').toString() : credential
  return [credential, text, ...text.split(':')]
}

/** The fields as they were sent: a `URL`, for example, becomes its text. */
const wireFormat = (body: unknown): object => Object(JSON.parse(JSON.stringify(body ?? {})))

/** All texts and numbers of a JSON value. */
function valuesIn(value: unknown): readonly string[] {
  if (typeof value === 'number') return [String(value)]
  if (typeof value === 'string') return partsOf(value)
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(valuesIn) : []
}

/** A text that is JSON itself, such as the key file of a service account, has its own values; a URL has its parts. */
function partsOf(text: string): readonly string[] {
  const url = /^https?:\/\//i.test(text) ? parseUrl(text) : null
  if (url !== null) return urlParts(url)
  const plain = isBase64.test(text) ? Buffer.from(text, 'base64').toString() : text
  const inner = /^\s*[{[]/.test(plain) ? readJson(plain) : null
  const content = plain === text || /[\uFFFD\p{Cc}]/u.test(plain.replace(/\s/g, ' ')) ? [] : [plain]
  return [text, ...content, ...valuesIn(inner)]
}

const isBase64 = /^[\w+/\s-]{12,}={0,2}\s*$/

/** Without the host and words of the path, which occur in other texts as well. */
const urlParts = ({ pathname, searchParams, username, password, hash }: URL): readonly string[] => [
  ...pathname.split('/').filter((segment) => !/^[a-z]{0,10}$/.test(segment)),
  ...searchParams.values(),
  ...[username, password, hash.slice(1)].filter((part) => part !== ''),
]

/** The keys of the objects in a value, except names of fields: a secret may have been entered as a key by mistake. */
function unusualKeys(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  const keys = Array.isArray(value) ? [] : Object.keys(value).filter((key) => !isFieldName(key))
  return [...keys, ...Object.values(value).flatMap(unusualKeys)]
}

/** "apiKey", "X-Api-Key", "client_id": consists of words that are usual in names of fields and headers. */
const isFieldName = (key: string): boolean =>
  key.split(/[\s_-]+|(?<=[a-z\d])(?=[A-Z])/).every((word) => fieldWords.has(word.toLowerCase()))

const fieldWords: ReadonlySet<string> = new Set(
  `access account agent api apikey app auth authorization base basic bearer client code config connection content
  cookie credential credentials custom data database domain email endpoint field fields grant header headers host id
  instance key keys language login method name oauth oauth2 org organization param params pass password path port
  prefix private project public realm redirect refresh region scheme scope scopes secret security server service
  session signature site subdomain team tenant token type uri url user username value version workspace x`.split(
    /\s+/,
  ),
)
