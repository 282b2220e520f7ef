import { z } from 'zod'
import { parseUrl } from '../domain/parse-url.ts'
import type { ProxySettings } from '../http/dispatcher.ts'

/** As other programs do, an address without a scheme is taken as http. */
const withScheme = (text: string) => (text.includes('://') ? text.trim() : `http://${text.trim()}`)

const proxyUrl = z
  .string()
  .transform(withScheme)
  .refine((text) => /^https?:$/.test(parseUrl(text)?.protocol ?? ''), 'must be an http or https URL')
  .optional()

/** The common variables for an outbound proxy; the lower-case form of each takes precedence, as in curl. */
export const proxyVariables = {
  HTTP_PROXY: proxyUrl,
  http_proxy: proxyUrl,
  HTTPS_PROXY: proxyUrl,
  https_proxy: proxyUrl,
  NO_PROXY: z.string().optional(),
  no_proxy: z.string().optional(),
}

type Variables = { readonly [Name in keyof typeof proxyVariables]?: string | undefined }

export const proxySettings = (data: Variables): ProxySettings => ({
  httpProxy: data.http_proxy ?? data.HTTP_PROXY ?? '',
  httpsProxy: data.https_proxy ?? data.HTTPS_PROXY ?? '',
  noProxy: data.no_proxy ?? data.NO_PROXY ?? '',
})
