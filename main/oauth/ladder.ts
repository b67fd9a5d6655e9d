import type { ErrorCode } from '../../preload/errors.ts'
import type { OAuthSignIn, RedirectKind, SignInWay } from '../connectors/connector.ts'
import type { Rung } from './model.ts'
import { isServiceWay } from './service-grant.ts'

/** Failures of the way itself, not of what was signed in with: another way may work. */
const ofTheWay = new Set<ErrorCode>([
  'handshake_browser_failed',
  'handshake_closed',
  'handshake_expired',
  'handshake_not_registered',
  'handshake_port_blocked',
  'handshake_window_refused',
])

const ofTheWayBack = new Set<ErrorCode>(['handshake_not_registered', 'handshake_port_blocked'])

/** Every way a vendor accepts, the best first. A window catches any redirect; the browser needs one that comes back to this computer. */
export function rungsOf({ ways, redirects }: Pick<OAuthSignIn, 'ways' | 'redirects'>): Rung[] {
  return ways.flatMap((way): Rung[] => {
    if (way === 'device' || isServiceWay(way)) return [{ way, redirect: null }]
    if (way === 'system-browser') return redirects.map((redirect) => ({ way, redirect }))
    return redirects
      .filter((redirect) => redirect !== 'loopback')
      .slice(0, 1)
      .map((redirect) => ({ way, redirect }))
  })
}

const byLink = ({ way, redirect }: { way: SignInWay; redirect: RedirectKind | null }) =>
  way === 'system-browser' && redirect !== 'loopback'

/** The way to offer after one failed; null where it was not the way that failed, or none is left. */
export function nextRung(
  signIn: Pick<OAuthSignIn, 'ways' | 'redirects'>,
  failed: { way: SignInWay; redirect: RedirectKind | null },
  code: ErrorCode,
): Rung | null {
  // What a server offers is known only by asking it, where it describes itself.
  const withoutCodes = failed.way === 'device' && code === 'not_supported'
  if (!ofTheWay.has(code) && !withoutCodes) return null
  const rungs = rungsOf(signIn)
  const at = rungs.findIndex(({ way, redirect }) => way === failed.way && redirect === failed.redirect)
  // Acting as the organisation is another thing than signing in, and never offered in its place.
  const others = [...rungs.slice(at + 1), ...rungs.slice(0, Math.max(at, 0))].filter(({ way }) => !isServiceWay(way))
  // Where links do not arrive, or a window is refused, the same thing over again will not do either.
  const useless = (rung: Rung) =>
    (code === 'handshake_not_registered' && byLink(rung)) ||
    // A browser that did not come back by one link will hardly do so by the other.
    (code === 'handshake_expired' && byLink(failed) && byLink(rung)) ||
    (code === 'handshake_port_blocked' && rung.redirect === 'loopback') ||
    (code === 'handshake_window_refused' && rung.way === 'auth-window') ||
    (code === 'handshake_browser_failed' && rung.way === 'system-browser')
  const possible = others.filter((rung) => !useless(rung))
  // Where only the way back failed, the person stays where they chose to sign in.
  const sameWay = ofTheWayBack.has(code) ? possible.find(({ way }) => way === failed.way) : undefined
  return sameWay ?? possible[0] ?? null
}
