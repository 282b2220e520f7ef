import { navigation, ownForm, type PageResponse, visit } from './visit.ts'

/** The origin of the application's pages in the tests; to be configured as CORS_ORIGINS. */
export const applicationOrigin = 'https://app.example.com'

/** A browser without scripts: it keeps the cookies of the gateway. */
export function createBrowser() {
  const cookies = new Map<string, string>()

  async function request(url: string, headers: Record<string, string>, body?: string): Promise<PageResponse> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await visit(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...headers, ...(cookie !== '' && { cookie }) },
      ...(body !== undefined && { body }),
    })
    for (const line of response.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    return response
  }

  const form = { 'content-type': 'application/x-www-form-urlencoded' }

  return {
    cookies,
    /** Navigates to a page of the gateway, as with a URL that was received by mail. */
    navigate: (url: string) => request(url, navigation),
    /** Presses the button of the gateway's own link page. */
    press: (url: string) => request(url, ownForm, ''),
    /** Submits a form of one of the gateway's pages. */
    submit: (url: string, body: string) => request(url, { ...ownForm, ...form }, body),
    /** A page of that origin submits a form with the claim. */
    submitClaim: (url: string, claim: string, origin: string = applicationOrigin) =>
      request(
        url,
        { ...navigation, ...form, 'sec-fetch-site': 'cross-site', origin },
        new URLSearchParams({ claim }).toString(),
      ),
  }
}

export type TestBrowser = ReturnType<typeof createBrowser>

/** The code on a page; `undefined`: it shows none. */
export const codeOn = ({ text }: PageResponse): string | undefined =>
  /class="code"[^>]*>(\d{6})</.exec(text)?.[1]
