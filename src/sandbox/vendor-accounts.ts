import type { SandboxRequest } from './http-types.ts'
import { objectOf, textOf } from './json.ts'
import type { SandboxContext, Vendor } from './vendor.ts'

/** In front of the path of a hosted page: `/~acme/…`. */
const pagePrefix = /^\/~([a-z0-9]{1,20})(?=\/)/

/** `sandbox-key_acme`, `secret-token:sandbox_acme` or an access token such as `sandbox_acme.…`. */
const credentials = /^(?:secret-token:)?sandbox(?:-[a-z]+)?_([a-z0-9]{1,20})(?=[.:]|$)/

/**
 * A vendor with several accounts, each with a state of its own. Credentials with a suffix, such as `sandbox-key_acme`, are
 * those of another account; IDs of groups and projects have the same suffix.
 */
export function withAccounts(context: SandboxContext, create: (context: SandboxContext) => Vendor): Vendor {
  const main = create(context)
  const accounts = new Map([['', main]])

  function accountOf(name: string): Vendor {
    const known = accounts.get(name)
    if (known) return known
    const account = create({
      ...context,
      suffix: `_${name}`,
      slice: (slice, createInitial) => context.slice(`${slice}_${name}`, createInitial),
      pageUrl: (path) => context.pageUrl(path.replace(`/${main.name}/`, `/${main.name}/~${name}/`)),
    })
    accounts.set(name, account)
    return account
  }

  return {
    name: main.name,
    api: (request) => accountOf(accountName(request)).api(request),
    pages: {
      find(method, rawPath) {
        const name = pagePrefix.exec(rawPath)?.[1] ?? ''
        return accountOf(name).pages.find(method, rawPath.replace(pagePrefix, ''))
      },
    },
    ...(main.breakConnection && {
      breakConnection: (id, options) =>
        [...accounts.values()].some((account) => account.breakConnection?.(id, options)),
    }),
  }
}

/** The suffix of the request's credentials; empty: those of the main account, or invalid ones. */
function accountName({ headers, body }: SandboxRequest): string {
  const [scheme = '', text = ''] = (headers.authorization ?? '').split(' ')
  const sent = [
    /^basic$/i.test(scheme) ? Buffer.from(text, 'base64').toString() : text,
    String(headers['x-api-key'] ?? ''),
    textOf(objectOf(body).client_id) ?? '',
  ]
  return sent.map((one) => credentials.exec(one)?.[1]).find((name) => name !== undefined) ?? ''
}
