export interface LinkFacts {
  /** The host as the network will see it (punycode for other scripts); the address for mail. */
  target: string
  kind: 'web' | 'mail'
  /** What to be careful about, each a sentence. */
  warnings: readonly string[]
}

/** Where a link really leads, and what about it is worth a second look. Null: not a link we open. */
export function checkLink(href: string, text: string): LinkFacts | null {
  const url = URL.parse(href)
  if (url === null) return null
  if (url.protocol === 'mailto:') return { target: url.pathname, kind: 'mail', warnings: [] }
  if (url.protocol !== 'https:') return null
  const warnings: string[] = []
  if (url.username !== '' || url.password !== '') {
    warnings.push('The address hides its real host behind a name and an @ sign.')
  }
  if (url.hostname.split('.').some((label) => label.startsWith('xn--'))) {
    warnings.push('The host has letters of another script that may look like Latin ones.')
  }
  if (/^(?:\d{1,3}\.){3}\d{1,3}$|^\[/.test(url.hostname)) warnings.push('The host is a bare number instead of a name.')
  if (url.port !== '') warnings.push(`The address uses the unusual port ${url.port}.`)
  const shown = hostIn(text)
  if (shown !== null && !sameSite(shown, url.hostname)) {
    warnings.push(`The text says ${shown}, but the link leads to ${url.hostname}.`)
  }
  return { target: url.hostname, kind: 'web', warnings }
}

/** The host a link's text claims, where the text looks like an address. */
function hostIn(text: string): string | null {
  const match = /^(?:https?:\/\/)?((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})(?:[/?#:].*)?$/u.exec(text.trim())
  return match?.[1] === undefined ? null : (URL.parse(`https://${match[1]}`)?.hostname ?? match[1])
}

function sameSite(a: string, b: string): boolean {
  const plain = (host: string) => host.replace(/^www\./, '').toLowerCase()
  return plain(a) === plain(b) || plain(b).endsWith(`.${plain(a)}`)
}
