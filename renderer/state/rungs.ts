import type { HandshakeView, SignInWay, VendorView } from '../../preload/contract.ts'

/** One way to sign in with the redirect it uses. */
export type Rung = NonNullable<HandshakeView['next']>

/** Without a person: the OAuth client acts as the organisation. It is never offered in place of signing in. */
export function isService(way: SignInWay): boolean {
  return way === 'client-credentials' || way === 'jwt-bearer'
}

/** Every way a vendor accepts, the best first, as main counts them too. */
export function rungsOf({ ways, redirects }: Pick<VendorView, 'ways' | 'redirects'>): Rung[] {
  const kinds = redirects.map(({ kind }) => kind)
  return ways.flatMap((way): Rung[] => {
    if (way === 'device' || way === 'key' || isService(way)) return [{ way, redirect: null }]
    if (way === 'system-browser') return kinds.map((redirect) => ({ way, redirect }))
    const [first] = kinds.filter((kind) => kind !== 'loopback')
    return first === undefined ? [] : [{ way, redirect: first }]
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
