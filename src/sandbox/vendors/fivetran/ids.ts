import { randomInt } from 'node:crypto'

const firstWords =
  'amber brisk calm candid clever cosmic dapper early easy fabled gentle golden hidden humble jolly keen'
const lastWords =
  'anchor badge canyon cedar comet delta ember falcon harbor island lantern meadow otter pebble river summit'

/** A random ID in Fivetran's format, `word_word`; further words are appended while the ID is taken. */
export function newConnectionId(isTaken: (id: string) => boolean): string {
  let id = `${randomWord(firstWords)}_${randomWord(lastWords)}`
  while (isTaken(id)) id = `${id}_${randomWord(lastWords)}`
  return id
}

function randomWord(list: string): string {
  const words = list.split(' ')
  return words[randomInt(words.length)] ?? 'sandbox'
}
