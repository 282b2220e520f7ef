/** Sends a hosted page's form as a browser would, with the fields as they are filled in. */
export async function decide(
  url: string,
  decision: 'approve' | 'deny',
  changes: Record<string, string> = {},
): Promise<Response> {
  const html = await (await fetch(url)).text()
  const filled = [
    ...html.matchAll(/<input[^>]* name="([^"]*)" value="([^"]*)"/g),
    ...html.matchAll(/<select[^>]* name="([^"]*)">.*?<option selected>([^<]*)</gs),
  ].map(([, name = '', value = '']) => [name, unescapeHtml(value)])
  const body = new URLSearchParams({ ...Object.fromEntries(filled), ...changes, decision })
  return fetch(url, { method: 'POST', body, redirect: 'manual' })
}

const unescapeHtml = (text: string) =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
