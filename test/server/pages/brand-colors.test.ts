import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { brandColors, brandStyles, contrast, surfaces } from '../../../src/server/pages/brand-colors.ts'

/** Black, white, grays, and all corners, edges and centers of the color cube. */
const levels = ['00', '40', '80', 'c0', 'ff']
const colors = levels.flatMap((red) =>
  levels.flatMap((green) => levels.map((blue) => `#${red}${green}${blue}`)),
)

test('the contrast is that of WCAG', () => {
  expect(contrast('#000000', '#ffffff')).toBe(21)
  expect(contrast('#ffffff', '#ffffff')).toBe(1)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
  expect(contrast('#ffffff', '#767676')).toBeCloseTo(4.54, 2)
})

describe.each(['light', 'dark'] as const)('on %s pages', (scheme) => {
  test.each(colors)('the text of buttons and links in %s is readable', (color) => {
    const { accent, button, onButton, hasEdge } = brandColors(color, scheme)
    const [card] = surfaces[scheme]
    expect(contrast(onButton, button)).toBeGreaterThanOrEqual(4.5)
    for (const surface of surfaces[scheme]) expect(contrast(accent, surface)).toBeGreaterThanOrEqual(4.5)
    expect(hasEdge || contrast(button, card) >= 3).toBe(true)
  })
})

test('a color that is readable is not changed', () => {
  expect(brandColors('#3c4bc4', 'light')).toEqual({
    accent: '#3c4bc4',
    button: '#3c4bc4',
    onButton: '#ffffff',
    hasEdge: false,
  })
  expect(brandColors('#ffd400', 'light')).toMatchObject({
    button: '#ffd400',
    onButton: '#000000',
    hasEdge: true,
  })
  expect(brandColors('#ffd400', 'dark')).toMatchObject({ accent: '#ffd400', button: '#ffd400' })
})

test('the surfaces are those of the style sheet', () => {
  const css = readFileSync(new URL('../../../src/server/pages/static/page.css', import.meta.url), 'utf8')
  const valuesOf = (name: string) =>
    [...css.matchAll(new RegExp(`--${name}: (#\\w+)`, 'g'))].map(([, hex]) => hex)
  const [card, ground, note] = ['card', 'ground', 'note'].map(valuesOf)
  const { light, dark } = surfaces
  expect([card, ground, note]).toEqual(light.map((hex, index) => [hex, dark[index], dark[index]]))
})

test('the style sheet has colors for each theme', () => {
  const css = brandStyles('#102040')
  expect(css.match(/--button:#\w{6};--on-button:#\w{6}/g)).toHaveLength(3)
  expect(css).toContain(':root[data-theme="dark"]{')
})
