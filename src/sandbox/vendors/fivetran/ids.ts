import { randomInt } from 'node:crypto'

const firstWords =
  'amber brisk calm candid clever cosmic dapper early easy fabled gentle golden hidden humble jolly keen'
const lastWords =
  'anchor badge canyon cedar comet delta ember falcon harbor island lantern meadow otter pebble river summit'

/** An id in Fivetran's manner: two lower-case words, and more of them while the id is taken. */
export function newConnectionId(isTaken: (id: string) => boolean): string {
  let id = `${anyOf(firstWords)}_${anyOf(lastWords)}`
  while (isTaken(id)) id = `${id}_${anyOf(lastWords)}`
  return id
}

function anyOf(list: string): string {
  const words = list.split(' ')
  return words[randomInt(words.length)] ?? 'sandbox'
}
