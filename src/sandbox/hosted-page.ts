import type { SandboxResponse } from './http-types.ts'

/** The vendor that a page is branded for. `accent` is a CSS colour with enough contrast for white text. */
export interface Brand {
  readonly name: string
  readonly accent: string
}

export interface DecisionField {
  readonly name: string
  readonly label: string
  readonly value: string
  /** The options of a select; without them the field is a text input. */
  readonly choices?: readonly string[]
}

/** A page with an approve and a deny button. All strings are plain text: they are escaped here. */
export interface DecisionPage {
  readonly brand: Brand
  readonly title: string
  readonly text: string
  /** Details of the connection to authorise: label and value. */
  readonly facts: readonly (readonly [label: string, value: string])[]
  readonly fields?: readonly DecisionField[]
  /** Errors of the previous attempt, one line each. */
  readonly problems?: readonly string[]
  readonly approve: string
  readonly deny: string
}

/** A page without a form: done, expired, used, unknown. */
export interface MessagePage {
  readonly brand: Brand
  readonly title: string
  readonly text: string
  /** HTTP status; default 200. */
  readonly status?: number
  /** Selects the icon: a check mark when true, else an exclamation mark. */
  readonly success?: boolean
  /** Whether the page has a link to its own URL, for another attempt. */
  readonly canRetry?: boolean
}

const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  // No form-action: browsers also apply it to the redirect that follows the form submission.
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
}

/** Renders a decision page: a form that posts to its own URL and needs no JavaScript. */
export function decisionPage(page: DecisionPage): SandboxResponse {
  const problems = (page.problems ?? []).map((line) => `<li>${escapeHtml(line)}</li>`).join('')
  const facts = page.facts.map(
    ([label, value]) => `<dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd>`,
  )
  return htmlPage(
    page.brand,
    page.title,
    `<h1>${escapeHtml(page.title)}</h1>
<p>${escapeHtml(page.text)}</p>
${problems === '' ? '' : `<div class="problems" role="alert"><ul>${problems}</ul></div>`}
<dl>${facts.join('')}</dl>
<form method="post">
${(page.fields ?? []).map(fieldHtml).join('\n')}
<div class="buttons">
<button type="submit" name="decision" value="approve" class="approve">${escapeHtml(page.approve)}</button>
<button type="submit" name="decision" value="deny">${escapeHtml(page.deny)}</button>
</div>
</form>`,
  )
}

/** Renders a message page: the result of a flow, or why a link cannot be opened. */
export function messagePage(message: MessagePage): SandboxResponse {
  // An empty URL is the page's own.
  const retry = message.canRetry === true ? '<p><a href="">Try again</a></p>' : ''
  const icon = message.success === true ? '<span class="sign good">✓</span>' : '<span class="sign">!</span>'
  const page = htmlPage(
    message.brand,
    message.title,
    `<div aria-hidden="true">${icon}</div><h1>${escapeHtml(message.title)}</h1><p>${escapeHtml(message.text)}</p>${retry}`,
  )
  return { ...page, status: message.status ?? 200 }
}

/** Redirects (303) to `uri` unchanged; a URI that is not http(s) gets status 400. */
export function redirectPage(uri: string): SandboxResponse {
  if (!/^https?:\/\//i.test(uri)) return { status: 400, headers: pageHeaders, body: 'Not an http(s) address' }
  // Encode only characters that are not allowed in a header; everything else is returned unchanged.
  const location = uri.replace(/[^\x21-\x7e]+/g, (text) => encodeURIComponent(Buffer.from(text).toString()))
  return { status: 303, headers: { ...pageHeaders, location } }
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

function fieldHtml(field: DecisionField): string {
  const label = `<label for="${field.name}">${escapeHtml(field.label)}</label>`
  if (field.choices === undefined) {
    return `${label}<input id="${field.name}" name="${field.name}" value="${escapeHtml(field.value)}" maxlength="200">`
  }
  const options = field.choices.map((choice) => {
    const selected = choice === field.value ? ' selected' : ''
    return `<option${selected}>${escapeHtml(choice)}</option>`
  })
  return `${label}<select id="${field.name}" name="${field.name}">${options.join('')}</select>`
}

/** Renders a page; `main` is HTML. */
export const contentPage = (brand: Brand, title: string, main: string): SandboxResponse =>
  htmlPage(brand, title, main)

function htmlPage(brand: Brand, title: string, main: string): SandboxResponse {
  const body = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · ${escapeHtml(brand.name)}</title>
<style>:root{--accent:${brand.accent}}${style}</style>
</head>
<body>
<main>
<header><span class="mark" aria-hidden="true">${escapeHtml(brand.name.slice(0, 1).toUpperCase())}</span>${escapeHtml(brand.name)}</header>
${main}
<footer>Sandbox: no real account is involved.</footer>
</main>
</body>
</html>
`
  return { status: 200, headers: pageHeaders, body }
}

const style = `
:root{color-scheme:light dark;--ground:#f3f4f7;--card:#fff;--line:#e2e5ec;--edge:#8790a3;--text:#1c2230;--soft:#454d60;
--inset:#f7f8fb;--focus:var(--accent);--bad:#9c1c13;--bad-ground:#fdf0ef;--good:#14713a;--good-ground:#e3f5e9}
@media (prefers-color-scheme:dark){:root{--ground:#101218;--card:#1a1d26;--line:#2e3340;--edge:#7c869b;--text:#e8eaf1;
--soft:#b1b8c8;--inset:#232733;--focus:#cbd2ff;--bad:#ffb0a8;--bad-ground:#3a1d1c;--good:#7fdca4;--good-ground:#173426}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px 16px;background:var(--ground);
color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{width:100%;max-width:460px;background:var(--card);border:1px solid var(--line);border-top:4px solid var(--accent);
border-radius:14px;padding:28px;box-shadow:0 12px 32px rgba(20,28,48,.08);overflow-wrap:anywhere}
header{display:flex;align-items:center;gap:10px;font-weight:600;color:var(--soft)}
.mark{display:grid;place-items:center;width:32px;height:32px;border-radius:9px;background:var(--accent);color:#fff}
h1{font-size:1.4rem;line-height:1.25;margin:20px 0 8px}
p{margin:0 0 16px;color:var(--soft)}
dl{display:grid;grid-template-columns:minmax(7em,auto) 1fr;gap:8px 16px;margin:0 0 20px;padding:14px 16px;
background:var(--inset);border-radius:10px}
dt{color:var(--soft)}
dd{margin:0;font-weight:600}
label{display:block;font-weight:600;margin:0 0 4px}
input,select{width:100%;padding:10px 12px;margin:0 0 16px;border:1px solid var(--edge);border-radius:9px;font:inherit;
background:var(--card);color:inherit}
.buttons{display:flex;flex-wrap:wrap;gap:10px}
button{flex:1 1 140px;padding:11px 16px;border:1px solid var(--edge);border-radius:9px;background:var(--card);
color:var(--text);font:inherit;font-weight:600;cursor:pointer}
.approve{background:var(--accent);border-color:var(--accent);color:#fff}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
.problems{margin:0 0 16px;padding:12px 16px;background:var(--bad-ground);border-radius:10px;color:var(--bad)}
.problems ul{margin:0;padding:0;padding-inline-start:16px}
.sign{display:grid;place-items:center;width:44px;height:44px;margin:20px 0 0;border-radius:50%;background:var(--inset);
color:var(--soft);font-size:1.4rem;font-weight:700}
.sign.good{background:var(--good-ground);color:var(--good)}
details{margin:0 0 12px}
summary{cursor:pointer;font-weight:600}
pre{overflow-x:auto;font-size:.8rem}
footer{margin:24px 0 0;padding:14px 0 0;border-top:1px solid var(--line);color:var(--soft);font-size:.875rem}
`
