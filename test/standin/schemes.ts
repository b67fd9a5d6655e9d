/**
 * Chromium knows no schemes but its own, so pages of a handled scheme live at an https origin of the reserved `.invalid`
 * domain: `app://main/x` is `https://main.app.standin.invalid/x` inside the browser and nowhere else.
 */
const SUFFIX = 'standin.invalid'

export const HANDLED_HOSTS = `*.${SUFFIX}`

export interface SchemePrivileges {
  standard?: boolean
  secure?: boolean
  bypassCSP?: boolean
  allowServiceWorkers?: boolean
  supportFetchAPI?: boolean
  corsEnabled?: boolean
  stream?: boolean
  codeCache?: boolean
  allowExtensions?: boolean
}

const privileged = new Map<string, SchemePrivileges>()

export function registerPrivileges(scheme: string, privileges: SchemePrivileges): void {
  privileged.set(scheme.toLowerCase(), privileges)
}

export function isStandardScheme(scheme: string): boolean {
  return privileged.get(scheme)?.standard === true
}

export function schemeOf(url: string): string {
  return /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase() ?? ''
}

/** The address the browser uses for `url`, which is `url` itself unless its scheme was registered as standard. */
export function toBrowserUrl(url: string): string {
  const scheme = schemeOf(url)
  if (!isStandardScheme(scheme)) return url
  const [, host = '', rest = ''] = /^[^:]+:\/\/([^/?#]*)(.*)$/s.exec(url) ?? []
  return `https://${host.toLowerCase()}.${scheme}.${SUFFIX}${rest.startsWith('/') ? rest : `/${rest}`}`
}

/** The address the app knows for `url`, the reverse of {@link toBrowserUrl}. */
export function toAppUrl(url: string): string {
  const match = /^https:\/\/([^/?#]+)\.standin\.invalid(?::\d+)?((?:[/?#].*)?)$/s.exec(url)
  if (!match) return url
  const [, name = '', rest = ''] = match
  const scheme = [...privileged.keys()].find((candidate) => name.endsWith(`.${candidate}`))
  return scheme ? `${scheme}://${name.slice(0, -scheme.length - 1)}${rest}` : url
}

/** Adds the browser's form of every handled-scheme source to a Content-Security-Policy, keeping the original. */
export function widenPolicy(policy: string): string {
  return policy
    .split(';')
    .map((directive) => {
      const extra = directive.trim().split(/\s+/).slice(1).flatMap(browserSource)
      return extra.length > 0 ? `${directive} ${extra.join(' ')}` : directive
    })
    .join(';')
}

function browserSource(source: string): string[] {
  const scheme = schemeOf(source)
  if (!isStandardScheme(scheme)) return []
  if (source.toLowerCase() === `${scheme}:`) return [`https://*.${scheme}.${SUFFIX}`]
  const mapped = toBrowserUrl(source)
  return [source.endsWith('/') ? mapped : mapped.replace(/\/$/, '')]
}
