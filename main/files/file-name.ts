const maxBytes = 180

/** Control characters, what Windows refuses in names, and the marks that turn the reading direction (`exe.gpj` tricks). */
const forbidden = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff<>:"/\\|?*]/gu

/** Names Windows keeps for devices, whatever their extension: learn.microsoft.com/windows/win32/fileio/naming-a-file */
const reserved = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)/i

/**
 * A name from a stranger reduced to one that is safe and the same in meaning on every platform: one path segment, no hidden file, at most
 * 180 bytes with its extension kept.
 */
export function cleanFileName(name: string): string {
  const visible = name
    .normalize('NFC')
    .replaceAll(forbidden, '_')
    .replace(/^[\s.]+/, '')
    .replace(/[\s.]+$/, '')
  const whole = reserved.test(visible) ? `_${visible}` : visible
  return shorten(whole) || 'attachment'
}

/** `name (2).ext` for the second file of a name. */
export function numberedFileName(name: string, number: number): string {
  if (number < 2) return name
  const [stem, extension] = splitExtension(name)
  return `${stem} (${number})${extension}`
}

function shorten(name: string): string {
  const [stem, extension] = splitExtension(name)
  let kept = stem
  while (Buffer.byteLength(kept + extension) > maxBytes) kept = [...kept].slice(0, -1).join('')
  return kept + extension
}

function splitExtension(name: string): [string, string] {
  const found = /^(.+)(\.[\p{L}\p{N}]{1,16})$/u.exec(name)
  return found ? [found[1] ?? name, found[2] ?? ''] : [name, '']
}
