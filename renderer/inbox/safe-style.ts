export interface StyleRule {
  element: HTMLElement
  name: string
  value: string
}

/**
 * Properties that carry the layout of a mail. Colours, fonts and sizes are left to the app, so that every message reads well in
 * both themes; nothing here can load, cover, or move out of its message.
 */
const allowed = new Set([
  'font-style',
  'font-weight',
  'text-align',
  'text-decoration-line',
  'text-transform',
  'vertical-align',
  'white-space',
  'list-style-type',
  'width',
  'padding-top',
  'padding-right',
  'padding-bottom',
  'padding-left',
  'margin-top',
  'margin-bottom',
])

const length = /^(?:auto|0|\d{1,4}(?:\.\d{1,3})?(?:px|em|rem|pt|%)?)$/
const word = /^[a-z-]{1,24}$|^[1-9]00$/

/**
 * The declarations of a `style` attribute that may stay, shorthands spelled out. The text is read by the engine's own CSS
 * parser on an element outside of any document.
 */
export function allowedStyles(text: string): [name: string, value: string][] {
  const probe = document.createElement('span').style
  probe.cssText = text
  const names = Array.from({ length: probe.length }, (_, index) => probe.item(index))
  return names.flatMap((name): [string, string][] => {
    const value = probe.getPropertyValue(name).trim().toLowerCase()
    return allowed.has(name) && (length.test(value) || word.test(value)) ? [[name, value]] : []
  })
}
