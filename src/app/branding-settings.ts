import { z } from 'zod'
import {
  applicationNameSchema,
  colorSchema,
  helpUrlSchema,
  logoUrlSchema,
} from '../connect/appearance-schemas.ts'
import { type Branding, themes } from '../domain/branding.ts'

/** How the pages for end users present the application. */
export const brandingVariables = {
  APP_NAME: applicationNameSchema.optional(),
  APP_LOGO_URL: logoUrlSchema.optional(),
  APP_COLOR: colorSchema.optional(),
  APP_THEME: z
    .string()
    .transform((theme) => theme.toUpperCase())
    .pipe(z.enum(themes, { error: 'must be auto, light or dark' }))
    .optional(),
  SUPPORT_URL: helpUrlSchema.optional(),
  PRIVACY_URL: helpUrlSchema.optional(),
}

type BrandingVariables = z.output<z.ZodObject<typeof brandingVariables>>

export const brandingOf = (variables: BrandingVariables): Branding => ({
  applicationName: variables.APP_NAME ?? null,
  logoUrl: variables.APP_LOGO_URL ?? null,
  color: variables.APP_COLOR ?? null,
  supportUrl: variables.SUPPORT_URL ?? null,
  privacyUrl: variables.PRIVACY_URL ?? null,
  theme: variables.APP_THEME ?? null,
})
