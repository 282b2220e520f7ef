import type { IncomingMessage } from 'node:http'
import { type Appearance, type Branding, mergeBranding } from '../../domain/branding.ts'
import type { LinkStep } from '../../domain/link-step.ts'
import { findPageColumns } from '../../store/connect-links.ts'
import type { ConnectLinkRow } from '../../store/schema.ts'
import { type ApplicationName, endUserNameOf, type Names, shorten } from './names.ts'
import type { PagesContext } from './pages-context.ts'
import type { Texts } from './texts/en.ts'
import { type Language, languageOf, preferredLanguage, textsOf } from './texts/languages.ts'

/** Language and branding of a page for an end user. */
export interface PageView {
  readonly language: Language
  /** Whether another browser may get another language. */
  readonly isNegotiated: boolean
  readonly texts: Texts
  readonly branding: Branding
  readonly names: ApplicationName
}

/** The same of a page about a link. */
export interface LinkView extends PageView {
  readonly names: Names
  /** The gateway's instructions for the end user at the provider. */
  readonly steps: readonly LinkStep[]
}

const fromSettings: Appearance = { locale: null, branding: null }

/** The view of a page that is not about a link; `appearance`: of the session, if there is one. */
export function pageView(
  { branding: settings }: Pick<PagesContext, 'branding'>,
  request: IncomingMessage,
  { locale, branding: given }: Appearance = fromSettings,
): PageView {
  const branding = mergeBranding(given, settings)
  const known = locale === null ? null : languageOf(locale)
  const language = known ?? preferredLanguage(request.headers['accept-language'])
  return {
    language,
    isNegotiated: known === null,
    texts: textsOf(language),
    branding,
    names: { application: branding.applicationName },
  }
}

/** The view of the pages of a link, in its language and with its branding. */
export async function linkView(
  pages: PagesContext,
  request: IncomingMessage,
  link: ConnectLinkRow,
): Promise<LinkView> {
  const { connect } = pages
  const columns = await findPageColumns(connect.db, link.id)
  const view = pageView(pages, request, columns)
  return {
    ...view,
    steps: columns.steps ?? [],
    names: {
      ...view.names,
      endUser: endUserNameOf(link),
      connector: shorten(connect.catalogue.connectorOf(link)?.name ?? link.connectorKey),
      provider: connect.providers.get(link.provider).name,
    },
  }
}
