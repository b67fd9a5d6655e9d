import { redirectUris } from '../../oauth/model.ts'
import { vendorWords } from '../../oauth/sign-in-errors.ts'
import type { ProbeAnswer } from '../../ports.ts'
import type { DoctorContext } from './model.ts'
import { type NetworkFault, networkFault } from './network-fault.ts'
import { firstCallAddress, hostOf } from './places.ts'

/** One look at an address without any sign-in: what came, or why nothing came. `at` is when, by our clock. */
export type Reading =
  | { kind: 'answered'; url: string; at: number; answer: ProbeAnswer }
  | { kind: 'failed'; url: string; fault: NetworkFault; name: string; issuer: string | null }

const longestMs = 15_000

/** Never rejects, but for the person's cancel. A connection that was cut is tried once more: it may have been an old one. */
export async function look(context: DoctorContext, title: string, url: string): Promise<Reading> {
  const reading = await lookOnce(context, title, url)
  return reading.kind === 'failed' && reading.fault === 'broken' ? lookOnce(context, title, url) : reading
}

async function lookOnce({ probe, clock, signal, trace }: DoctorContext, title: string, url: string): Promise<Reading> {
  signal.throwIfAborted()
  const note = trace.request(title, 'GET', url, [])
  const late = AbortSignal.timeout(longestMs)
  const started = clock.now()
  try {
    const answer = await probe.get(url, AbortSignal.any([signal, late]))
    note({ status: answer.status, body: answer.location === null ? null : { location: withoutQuery(answer.location) } })
    return { kind: 'answered', url, at: (started + clock.now()) / 2, answer }
  } catch (error) {
    signal.throwIfAborted()
    const { fault, name } = late.aborted
      ? { fault: 'timeout' as const, name: `no answer for ${longestMs} ms` }
      : networkFault(error)
    note({ error: name })
    return { kind: 'failed', url, fault, name, issuer: probe.refusedIssuer(hostOf(url) ?? '') }
  }
}

/** The vendor's API, asked without a sign-in: it must answer, if only that it wants one. */
export function apiReading(context: DoctorContext): Promise<Reading> {
  return context.once('api', async () => {
    const { connector, site } = context.subject
    return look(context, 'Ask the API without a sign-in', await firstCallAddress(connector, site, context.signal))
  })
}

/** A page of our own on the internet: whether the network as such lets requests through as they are. */
export function ownPage(context: DoctorContext): Promise<Reading> {
  return context.once('own page', () => look(context, 'Look at the hand-over page', redirectUris.handover))
}

/** `ours`, a page that somebody put in its place, or nothing. */
export function ownPageIs(reading: Reading): 'ours' | 'replaced' | 'unknown' {
  if (reading.kind === 'failed') return 'unknown'
  const { status, location, text } = reading.answer
  if (status >= 200 && status < 300 && /manydesk/i.test(text)) return 'ours'
  const target = location === null ? null : hostOf(new URL(location, reading.url).href)
  const elsewhere = target !== null && target !== hostOf(reading.url)
  return elsewhere || (status >= 200 && status < 300) ? 'replaced' : 'unknown'
}

/** A reading for people who look closely, without anything secret. */
export function evidenceOf(reading: Reading): Record<string, string> {
  const address = withoutQuery(reading.url)
  if (reading.kind === 'failed') {
    return {
      address,
      error: reading.name,
      ...(reading.issuer === null ? {} : { 'certificate issuer': clean(reading.issuer) }),
    }
  }
  const { status, contentType, location, date } = reading.answer
  return {
    address,
    status: String(status),
    ...(contentType === null ? {} : { 'content type': clean(contentType) }),
    ...(location === null ? {} : { 'leads to': withoutQuery(new URL(location, reading.url).href) }),
    ...(date === null ? {} : { date: clean(date) }),
  }
}

/** Text of a stranger: one short line without secrets. */
export function clean(text: string): string {
  return (vendorWords(text) ?? '').slice(0, 160)
}

/** An address without what may be secret in it. */
export function withoutQuery(url: string): string {
  if (!URL.canParse(url)) return clean(url)
  const { protocol, host, pathname } = new URL(url)
  return clean(`${protocol}//${host}${pathname}`)
}

/** Is the body what an API answers, and not a page? */
export function isData({ contentType, text }: ProbeAnswer): boolean {
  return /json|xml(?!.*html)/i.test(contentType ?? '') || /^\s*[{[]/.test(text)
}
