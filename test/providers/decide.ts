/** Submits the form of a hosted page with its prefilled values and `changes`. Does not follow the redirect. */
export async function decide(
  url: string,
  decision: 'approve' | 'deny',
  changes: Record<string, string> = {},
): Promise<Response> {
  const html = await (await fetch(url)).text()
  const fields = [
    ...html.matchAll(/<input[^>]* name="([^"]*)" value="([^"]*)"/g),
    ...html.matchAll(/<select[^>]* name="([^"]*)">.*?<option selected>([^<]*)</gs),
  ].map(([, name = '', value = '']) => [name, unescapeHtml(value)])
  const body = new URLSearchParams({ ...Object.fromEntries(fields), ...changes, decision })
  return fetch(url, { method: 'POST', body, redirect: 'manual' })
}

const unescapeHtml = (text: string) =>
  text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
