/** What a sign-in window does about a place its page wants to go to. */
export type AuthStep = 'allow' | 'deny' | 'redirect'

/** Address without query and hash, for an exact comparison. `.origin` would be "null" for a custom scheme. */
function place(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`
}

/** True when `text` is the redirect address itself, query apart: same scheme, host, port and path, no userinfo. */
function isRedirect(text: string, redirectUri: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return url.username === '' && url.password === '' && place(url) === place(new URL(redirectUri))
}

/** True for pages a sign-in window may show: https, no userinfo. */
export function isSignInPage(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return url.protocol === 'https:' && url.username === '' && url.password === ''
}

/**
 * Decides one navigation of a sign-in window. The redirect counts only in the main frame: a frame inside the vendor's page must not be
 * able to finish a sign-in.
 */
export function decideAuthStep(navigation: { url: string; isMainFrame: boolean }, redirectUri: string): AuthStep {
  if (isRedirect(navigation.url, redirectUri)) return navigation.isMainFrame ? 'redirect' : 'deny'
  if (isSignInPage(navigation.url)) return 'allow'
  // Frames of identity providers begin empty.
  return !navigation.isMainFrame && ['about:blank', 'about:srcdoc'].includes(navigation.url) ? 'allow' : 'deny'
}
