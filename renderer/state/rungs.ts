import type { HandshakeView, SignInWay, VendorView } from '../../preload/contract.ts'

/** One way to sign in with the redirect it uses. */
export type Rung = NonNullable<HandshakeView['next']>

/** Without a person: the OAuth client acts as the organisation. It is never offered in place of signing in. */
export function isService(way: SignInWay): boolean {
  return way === 'client-credentials' || way === 'jwt-bearer'
}

const comesAlone = (way: SignInWay) => way === 'device' || way === 'key' || isService(way)

export type RedirectKind = NonNullable<Rung['redirect']>

/** What can bring back the answer of a way: a window catches every redirect but the one to a port; where no browser comes back, nothing. */
export function redirectsFor({ redirects }: Pick<VendorView, 'redirects'>, way: SignInWay): RedirectKind[] {
  if (comesAlone(way)) return []
  const kinds = redirects.map(({ kind }) => kind)
  return way === 'auth-window' ? kinds.filter((kind) => kind !== 'loopback') : kinds
}

/** Every way a vendor accepts, the best first, as main counts them too. */
export function rungsOf(vendor: Pick<VendorView, 'ways' | 'redirects'>): Rung[] {
  return vendor.ways.flatMap((way): Rung[] => {
    if (comesAlone(way)) return [{ way, redirect: null }]
    const rungs = redirectsFor(vendor, way).map((redirect) => ({ way, redirect }))
    return way === 'auth-window' ? rungs.slice(0, 1) : rungs
  })
}

/** What to offer instead of a sign-in that ended: what main says, else the vendor's next other way; null where there is only one. */
export function otherRung(
  vendor: VendorView | undefined,
  { way, next }: Pick<HandshakeView, 'way' | 'next'>,
): Rung | null {
  if (next !== null) return next
  return vendor === undefined
    ? null
    : (rungsOf(vendor).find((rung) => rung.way !== way && !isService(rung.way)) ?? null)
}

/** As a button says it. */
export function insteadWords({ way, redirect }: Rung): string {
  if (way === 'device') return 'Use a code instead'
  if (way === 'auth-window') return 'Use a sign-in window instead'
  return redirect === 'loopback' ? 'Let the browser answer directly instead' : 'Use the system browser instead'
}
