/** A provider may quote an error of another system that was encoded before. */
const maxRounds = 3

/** The text on one line, as it is and with its escape sequences (JSON, HTML, URL) decoded once, twice and three times. */
export function decodeEscapes(text: string): readonly string[] {
  const steps = [cleanText(text)]
  for (let round = 0; round < maxRounds; round++) steps.push(cleanText(decodeOnce(steps[round] ?? '')))
  return steps
}

const decodeOnce = (text: string): string =>
  text
    .replace(/(?:%[\da-f]{2})+/gi, (bytes) => fromHex(bytes.replaceAll('%', '')))
    .replace(/&(?:#(\d{1,6})|#x([\da-f]{1,5})|(quot|amp|lt|gt|apos));/gi, decodeEntity)
    .replace(/\\(?:u([\da-f]{4})|x([\da-f]{2})|([\s\S]))/gi, decodeBackslash)

const entities: Readonly<Record<string, string>> = { quot: '"', amp: '&', lt: '<', gt: '>', apos: "'" }

function decodeEntity(entity: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return entities[name.toLowerCase()] ?? entity
  const code = decimal === undefined ? Number.parseInt(hex ?? '0', 16) : Number(decimal)
  return code <= 0x10_ffff ? String.fromCodePoint(code) : entity
}

function decodeBackslash(_: string, unicode?: string, hex?: string, character = ''): string {
  const code = unicode ?? hex
  if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
  return /[bfnrt]/.test(character) ? ' ' : character
}

const fromHex = (digits: string) => Buffer.from(digits, 'hex').toString('utf8')

/** The text on one line, with compatible characters (full-width letters) replaced, without invisible ones. */
export const cleanText = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/\s+/g, ' ')
    .replace(/[\p{C}\u2028\u2029]+/gu, '')
    .trim()

/** What the runs of base64 and hexadecimal digits in a text encode, in lower case; base64 may encode base64. */
export function decodings(text: string, depth = 2): readonly string[] {
  if (depth === 0) return []
  const base64 = (text.match(/[\w+/-]{6,}/g) ?? []).flatMap((run) =>
    // A run may begin with other characters: decoded at each of the four alignments.
    [0, 1, 2, 3].map((start) => Buffer.from(run.slice(start), 'base64').toString('utf8')),
  )
  const hex = (text.match(/(?:[\da-f]{2}){4,}/gi) ?? []).map(fromHex)
  return [...base64, ...hex].flatMap((decoded) => {
    const plain = decodeEscapes(decoded).at(-1) ?? ''
    return [decoded.toLowerCase(), plain.toLowerCase(), ...decodings(plain, depth - 1)]
  })
}
