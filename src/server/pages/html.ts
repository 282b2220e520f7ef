/** An HTML fragment whose values are escaped. */
export interface Html {
  readonly html: string
}

export type Part = Html | string | number | null | undefined | readonly Html[]

/** HTML template tag: each value is escaped unless it is `Html`; `null` and `undefined` render nothing. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const pieces = texts.map((text, index) => text + render(parts[index]))
  return { html: pieces.join('') }
}

function render(part: Part): string {
  if (part === null || part === undefined) return ''
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part))
  return 'html' in part ? part.html : part.map(({ html }) => html).join('\n')
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escapeHtml = (text: string) =>
  text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? character)
