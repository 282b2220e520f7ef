import { z } from 'zod'
import { type Branding, mergeBranding, noBranding, themes } from '../domain/branding.ts'
import { isLoopbackHost } from '../domain/loopback.ts'
import { parseUrl } from '../domain/parse-url.ts'
import { isPrintableText } from '../domain/valid-text.ts'

/** A BCP 47 language tag; the output is canonical, such as "pt-BR" for "pt-br". */
export const localeSchema = z
  .string()
  .refine((tag) => tag.length <= 35 && canonicalLocale(tag) !== null, {
    message: 'must be a language tag like de or pt-BR, with at most 35 characters',
    abort: true,
  })
  .transform((tag) => canonicalLocale(tag) ?? tag)

/** `null`: it is malformed. */
function canonicalLocale(tag: string): string | null {
  // Caught because there is no check without an exception.
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null
  } catch {
    return null
  }
}

const maxUrlLength = 500

/** Its origin becomes part of a Content Security Policy, so only canonical URLs of plain hosts are accepted. */
function isWebUrl(text: string): boolean {
  const url = parseUrl(text)
  if (url === null || url.username !== '' || url.password !== '') return false
  const isAllowed = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))
  const isPlain = /^([\w.-]+|\[[\da-f:]+\])$/.test(url.hostname)
  return isAllowed && isPlain && (url.href === text || url.href === `${text}/`)
}

const short = (text: string) => text.length <= maxUrlLength

export const logoUrlSchema = z
  .string()
  .refine(
    (text) => short(text) && isWebUrl(text),
    `must be a canonical https URL of an image, with at most ${maxUrlLength} characters`,
  )

/** Of a page for end users, or a mail address. */
export const helpUrlSchema = z
  .string()
  .refine(
    (text) => short(text) && (isWebUrl(text) || /^mailto:[\w.+-]+@[\w.-]+$/.test(text)),
    `must be a canonical https or mailto URL, with at most ${maxUrlLength} characters`,
  )

export const colorSchema = z
  .string()
  .regex(/^#([\da-f]{3}|[\da-f]{6})$/i, 'must be a color like #3c4bc4')
  .transform((text) => {
    const digits = text.slice(1).toLowerCase()
    return `#${digits.length === 3 ? digits.replaceAll(/./g, '$&$&') : digits}`
  })

const isName = (text: string) => text !== '' && text.length <= 60 && isPrintableText(text)

export const applicationNameSchema = z
  .string()
  .trim()
  .refine(isName, 'must have 1 to 60 printable characters')

/** A branding as given by a caller. The output is a `Branding`; `null` if it has no entries. */
export const brandingSchema = z
  .object({
    applicationName: applicationNameSchema.nullish(),
    logoUrl: logoUrlSchema.nullish(),
    color: colorSchema.nullish(),
    supportUrl: helpUrlSchema.nullish(),
    privacyUrl: helpUrlSchema.nullish(),
    theme: z.enum(themes).nullish(),
  })
  .transform((given): Branding | null => {
    const isEmpty = Object.values(given).every((value) => value == null)
    return isEmpty ? null : mergeBranding(given, noBranding)
  })
export type BrandingInput = z.input<typeof brandingSchema>
