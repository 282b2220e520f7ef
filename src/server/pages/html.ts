/** A piece of a page, in which everything that came from outside is escaped. */
export interface Html {
  readonly html: string
}

export type Part = Html | string | number | null | undefined | readonly Html[]

/** Writes HTML: each value is escaped unless it is HTML already; `null` and `undefined` are nothing. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const pieces = texts.map((text, index) => text + written(parts[index]))
  return { html: pieces.join('') }
}

function written(part: Part): string {
  if (part === null || part === undefined) return ''
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part))
  return 'html' in part ? part.html : part.map(({ html }) => html).join('\n')
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string) => text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? character)
