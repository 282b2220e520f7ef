import type { Theme } from '../domain/branding.ts'
import { type BuilderTypes, builder } from './builder.ts'
import type { Values } from './enums.ts'

const themeValues: Values<Theme> = {
  AUTO: { description: 'Light or dark, as the browser of the end user prefers.' },
  LIGHT: { description: 'Always light.' },
  DARK: { description: 'Always dark.' },
}

const ThemeEnum = builder.enumType('Theme', {
  description: 'The color scheme of pages.',
  values: themeValues,
})

export const BrandingInput = builder.inputType('BrandingInput', {
  description:
    'How pages for end users present the application. What is not given is that of the settings of the gateway.',
  fields: (t) => ({
    applicationName: t.string({
      description: 'Name of the application, at most 60 characters, such as in "Connect HubSpot to Acme".',
    }),
    logoUrl: t.field({
      type: 'URL',
      description:
        'Image that pages show in a square beside the name: a canonical https URL, at most 500 characters.',
    }),
    color: t.string({
      description:
        'Color of buttons and links, such as "#3c4bc4". The text of buttons is black or white, and the color of links is adjusted, so that both are readable.',
    }),
    supportUrl: t.field({
      type: 'URL',
      description: 'Help for end users: a canonical https or mailto URL, at most 500 characters.',
    }),
    privacyUrl: t.field({
      type: 'URL',
      description: 'Privacy notice for end users: a canonical https or mailto URL, at most 500 characters.',
    }),
    theme: t.field({ type: ThemeEnum, description: 'Light or dark pages.' }),
  }),
})

type InputFields = PothosSchemaTypes.InputFieldBuilder<BuilderTypes, 'InputObject'>

/** `of`: the pages whose language it is. */
export const localeField = (t: InputFields, of: string) =>
  t.string({
    description: `Language of ${of}: a BCP 47 tag such as "de" or "pt-BR", at most 35 characters. Pages exist in English, German, Spanish, French, Portuguese and Japanese. Default, also for a tag of another language: that of the browser, else English.`,
  })
