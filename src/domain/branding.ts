/** Color schemes of pages; `AUTO`: that of the browser. */
export const themes = ['AUTO', 'LIGHT', 'DARK'] as const
export type Theme = (typeof themes)[number]

/** How the pages of an application present it; `null`: not given. */
export interface Branding {
  readonly applicationName: string | null
  readonly logoUrl: string | null
  /** "#rrggbb", in lower case. */
  readonly color: string | null
  readonly supportUrl: string | null
  readonly privacyUrl: string | null
  readonly theme: Theme | null
}

/** Language and branding of the pages of a link or of a session. */
export interface Appearance {
  /** A BCP 47 language tag in canonical form; `null`: the pages use the languages of the browser. */
  readonly locale: string | null
  /** What differs from the branding of the settings; `null`: nothing. */
  readonly branding: Branding | null
}

type Entries = { readonly [Key in keyof Branding]?: Branding[Key] | undefined }

/** The entries of `branding` that are not given are those of `fallback`. */
export const mergeBranding = (branding: Entries | null, fallback: Branding): Branding => ({
  applicationName: branding?.applicationName ?? fallback.applicationName,
  logoUrl: branding?.logoUrl ?? fallback.logoUrl,
  color: branding?.color ?? fallback.color,
  supportUrl: branding?.supportUrl ?? fallback.supportUrl,
  privacyUrl: branding?.privacyUrl ?? fallback.privacyUrl,
  theme: branding?.theme ?? fallback.theme,
})

export const noBranding: Branding = {
  applicationName: null,
  logoUrl: null,
  color: null,
  supportUrl: null,
  privacyUrl: null,
  theme: null,
}
