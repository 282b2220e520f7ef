import { randomInt } from 'node:crypto'

const consonants = 'bdfgklmnprstvz'
const vowels = 'aeiou'
const syllablesPerWord = 5

/** Returns a new ID in Fivetran's format, `word_word`. Its 61 random bits make it unique, also after a reset. */
export const newWordId = (): string => `${randomWord()}_${randomWord()}`

const randomWord = () =>
  Array.from({ length: syllablesPerWord }, () => pick(consonants) + pick(vowels)).join('')

const pick = (letters: string) => letters.charAt(randomInt(letters.length))
