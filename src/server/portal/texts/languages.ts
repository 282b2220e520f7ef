import type { Language } from '../../pages/texts/languages.ts'
import { de } from './de.ts'
import { en, type PortalTexts } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import { ja } from './ja.ts'
import { pt } from './pt.ts'

const textsByLanguage: Readonly<Record<Language, PortalTexts>> = { en, de, es, fr, pt, ja }

export const portalTextsOf = (language: Language): PortalTexts => textsByLanguage[language]
