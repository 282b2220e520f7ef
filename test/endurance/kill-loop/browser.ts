import { refreshTargetOf } from '../../helpers/refresh-target.ts'

/** Whether the gateway has answered the request for a page, with anything but an error of its own. */
export async function visit(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { redirect: 'manual' })
    await response.text()
    return response.status < 500
  } catch {
    return false
  }
}

/**
 * Opens a link of the gateway and approves it on the page of the provider. Returns the address to which the provider
 * redirects, if it does; `null`: the provider has not accepted the approval.
 */
export async function approvePage(
  linkUrl: string,
  origin: string,
): Promise<{ readonly returnUrl: string | null } | null> {
  try {
    const { pathname } = new URL(linkUrl)
    const opened = await fetch(`${origin}${pathname}`, { method: 'POST' })
    const target = refreshTargetOf(await opened.text())
    if (target === undefined) return null
    const page = await fetch(target)
    const form = new URLSearchParams()
    for (const [, name = '', value = ''] of (await page.text()).matchAll(
      /<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g,
    ))
      form.set(name, value)
    form.set('decision', 'approve')
    const approved = await fetch(page.url, { method: 'POST', body: form, redirect: 'manual' })
    await approved.text()
    return approved.status < 400 ? { returnUrl: approved.headers.get('location') } : null
  } catch {
    return null
  }
}
