import type { ServerResponse } from 'node:http'

export interface PageText {
  readonly title: string
  readonly text: string
}

/** A small page of the gateway's own: no scripts, nothing from elsewhere. */
export function sendPage(response: ServerResponse, status: number, { title, text }: PageText): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    ...privateHeaders,
  })
  response.end(html({ title: escapeHtml(title), text: escapeHtml(text) }))
}

/** For answers that carry or follow a link: kept nowhere, told to nobody. */
export const privateHeaders = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escapeHtml = (text: string) =>
  text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? character)

const html = ({ title, text }: PageText) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
  :root { color-scheme: light dark }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: light-dark(#f4f5f8, #14161c);
    color: light-dark(#1c2230, #e8eaf0); font: 16px/1.5 system-ui, sans-serif }
  main { max-width: 26rem; margin: 1.5rem; padding: 2rem 2.25rem; border-radius: 14px; background: light-dark(#fff, #1f232d);
    box-shadow: 0 1px 3px rgb(0 0 0 / .12), 0 12px 32px rgb(0 0 0 / .08) }
  h1 { margin: 0 0 .5rem; font-size: 1.35rem; line-height: 1.25 }
  p { margin: 0 }
</style>
<main>
  <h1>${title}</h1>
  <p>${text}</p>
</main>
</html>
`
