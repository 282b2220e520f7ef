/** Colors for the pages, derived from one of the application: see `static/page.css` for where they are used. */
interface BrandColors {
  /** Of links and focus rings: contrast of at least 4.5 to all surfaces. */
  readonly accent: string
  readonly button: string
  /** Of a button's text: contrast of at least 4.5. */
  readonly onButton: string
  /** Whether the button needs an edge to be seen on a card. */
  readonly hasEdge: boolean
}

type Rgb = readonly [red: number, green: number, blue: number]

/** WCAG 2.2, success criteria 1.4.3 (text) and 1.4.11 (parts of controls). */
const textContrast = 4.5
const controlContrast = 3

/** The colors behind links, as in `static/page.css`: card, ground and note. */
export const surfaces = {
  light: ['#ffffff', '#f4f5f8', '#eef0fb'],
  dark: ['#1a1d27', '#11131a', '#232838'],
} as const

const black: Rgb = [0, 0, 0]
const white: Rgb = [255, 255, 255]

const parse = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as never
const format = (rgb: Rgb) => `#${rgb.map((value) => value.toString(16).padStart(2, '0')).join('')}`

function luminance(rgb: Rgb): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrastOf(a: Rgb, b: Rgb): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((one, other) => one - other)
  return (high + 0.05) / (low + 0.05)
}

/** WCAG contrast ratio of two colors as "#rrggbb", from 1 to 21. */
export const contrast = (a: string, b: string): number => contrastOf(parse(a), parse(b))

/** The color, mixed with `towards` in steps of 2 % until its contrast to all backgrounds suffices. */
function readable(color: Rgb, towards: Rgb, needed: { ratio: number; on: readonly string[] }): Rgb {
  for (let percent = 0; percent < 100; percent += 2) {
    const mixed = color.map((value, index) =>
      Math.round(value + ((towards[index] ?? 0) - value) * (percent / 100)),
    ) as unknown as Rgb
    if (needed.on.every((surface) => contrastOf(mixed, parse(surface)) >= needed.ratio)) return mixed
  }
  return towards
}

/** White, unless black is needed: one of the two always has a contrast of at least 4.5. */
const textOn = (color: Rgb) => (contrastOf(color, white) >= textContrast ? white : black)

/** The button has the given color on light pages; on dark ones it is lightened if it could not be seen. */
export function brandColors(hex: string, scheme: 'light' | 'dark'): BrandColors {
  const color = parse(hex)
  const on = surfaces[scheme]
  const [card] = on
  const button = scheme === 'light' ? color : readable(color, white, { ratio: controlContrast, on: [card] })
  return {
    accent: format(readable(color, scheme === 'light' ? black : white, { ratio: textContrast, on })),
    button: format(button),
    onButton: format(textOn(button)),
    hasEdge: contrastOf(button, parse(card)) < controlContrast,
  }
}

const declarations = ({ accent, button, onButton, hasEdge }: BrandColors) =>
  `--accent:${accent};--button:${button};--on-button:${onButton};--button-edge:${hasEdge ? 'var(--edge)' : 'transparent'}`

/** The style sheet that replaces the colors of `page.css`. */
export function brandStyles(hex: string): string {
  const light = declarations(brandColors(hex, 'light'))
  const dark = declarations(brandColors(hex, 'dark'))
  return `:root{${light}}
@media (prefers-color-scheme:dark){:root:not([data-theme]){${dark}}}
:root[data-theme="dark"]{${dark}}
`
}
