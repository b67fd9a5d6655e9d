/** True when `url` is an address at `host`; text that is no address shows nothing. */
export function isAt(url: string, host: string | RegExp): boolean {
  if (!URL.canParse(url)) return false
  const actual = new URL(url).host
  return typeof host === 'string' ? actual === host : host.test(actual)
}

/** The workstation's own page, and not the toolbar of a sign-in window. */
export function isWorkstation(url: string): boolean {
  return url.startsWith('app://manydesk/') && !isToolbar(url)
}

export function isToolbar(url: string): boolean {
  return url.startsWith('app://manydesk/auth-bar')
}
