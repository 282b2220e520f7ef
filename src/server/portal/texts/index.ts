import { en, type PortalTexts } from './en.ts'

export const portalTexts = (_language: string): PortalTexts => en
