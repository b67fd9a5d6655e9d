/**
 * Colours a person chose for a brand, made readable. The hue is the brand's; only the lightness moves, as far as WCAG 2.2
 * contrast asks for (1.4.3 text 4.5:1, 1.4.11 graphics 3:1).
 */

export interface BrandColors {
  /** Fill of a tile or bar that stands out 3:1 from the surface of the theme. */
  fill: string
  /** Text on `fill`, at least 4.5:1. */
  onFill: string
  /** The brand's colour as text on the surface of the theme, at least 4.5:1. */
  text: string
}

type Rgb = readonly [number, number, number]

const surfaces: Record<'light' | 'dark', Rgb> = { light: [255, 255, 255], dark: [24, 25, 28] }
const white: Rgb = [255, 255, 255]
const ink: Rgb = [20, 21, 26]
const nearlyDarkEnough = 3.4

/** `color` is `#rrggbb`; anything else is read as a neutral grey. */
export function brandColors(color: string, theme: 'light' | 'dark'): BrandColors {
  const surface = surfaces[theme]
  const fill = away(parseHex(color), surface, 3)
  // More than 4.5, because the tag around the text is tinted with the same colour.
  const text = away(fill, surface, 5.2)
  // White is what people expect on a colour; a colour that is nearly dark enough for it is darkened the rest of the way.
  const onFill = contrast(fill, white) >= nearlyDarkEnough ? white : ink
  const readable = contrast(fill, onFill) >= 4.5 ? fill : away(fill, onFill, 4.5)
  return { fill: toHex(readable), onFill: toHex(onFill), text: toHex(text) }
}

/** Contrast ratio of WCAG 2.2, 1 to 21. */
export function contrastOf(a: string, b: string): number {
  return contrast(parseHex(a), parseHex(b))
}

/** Moves a colour towards black or white, whichever is away from `from`, until the contrast is reached. */
function away(color: Rgb, from: Rgb, ratio: number): Rgb {
  const goal: Rgb = luminance(from) > 0.18 ? [0, 0, 0] : [255, 255, 255]
  for (let step = 0; step <= 50; step += 1) {
    const candidate = mix(color, goal, step / 50)
    if (contrast(candidate, from) >= ratio) return candidate
  }
  return goal
}

function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const channel = (x: number, y: number) => Math.round(x + (y - x) * share)
  return [channel(a[0], b[0]), channel(a[1], b[1]), channel(a[2], b[2])]
}

function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function luminance([r, g, b]: Rgb): number {
  const linear = (value: number) => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

function parseHex(color: string): Rgb {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color)
  if (match === null) return [110, 114, 125]
  const part = (index: number) => Number.parseInt(match[index] ?? '0', 16)
  return [part(1), part(2), part(3)]
}

function toHex(color: Rgb): string {
  return `#${color.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}
