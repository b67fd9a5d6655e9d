import type { CallArgs, SignInWay, VendorView } from '../../preload/contract.ts'
import { type RedirectKind, rungsOf } from './rungs.ts'

export type ConnectRequest = CallArgs<'accounts.connect'>

/** What was understood of the typed site: plain values and the host shown to people. */
export interface CheckedSite {
  site: Record<string, string>
  siteLabel: string
}

/** What a person has typed or chosen for one connection. The secret is in it only until the sign-in has ended. */
export interface ConnectForm {
  site: Record<string, string>
  checked: CheckedSite | null
  /** True when the person wants their own client although the organisation provides one. */
  ownClient: boolean
  clientId: string
  clientSecret: string
  /** The vendor's secret, where there is no OAuth. */
  key: string
  way: SignInWay
  redirect: RedirectKind | null
}

/** Sentences for the fields that stop the form from being sent; `site.<key>` for site fields. */
export type FormProblems = Partial<Record<`site.${string}` | 'clientId' | 'clientSecret' | 'key', string>>

/** The form a vendor starts with: nothing typed, the vendor's best way and redirect chosen. */
export function blankForm(vendor: VendorView): ConnectForm {
  const [best] = rungsOf(vendor)
  return {
    site: Object.fromEntries(vendor.siteFields.map((field) => [field.key, field.options?.[0]?.value ?? ''])),
    checked: null,
    ownClient: false,
    clientId: '',
    clientSecret: '',
    key: '',
    way: best?.way ?? 'auth-window',
    redirect: best?.redirect ?? null,
  }
}

/** Whether the organisation's configuration brings an OAuth client for the understood site (or for every site). */
export function clientProvided(vendor: VendorView, checked: CheckedSite | null): boolean {
  if (vendor.providedClients.includes('*')) return true
  return checked !== null && vendor.providedClients.includes(checked.siteLabel)
}

/** Whether the organisation allows no other client than its own there. */
export function clientLocked(vendor: VendorView, checked: CheckedSite | null): boolean {
  const locked = vendor.lockedClients ?? []
  return locked.includes('*') || (checked !== null && locked.includes(checked.siteLabel))
}

/** Whether this sign-in will use the provided client rather than what is typed. */
export function usesProvidedClient(vendor: VendorView, form: ConnectForm): boolean {
  return clientLocked(vendor, form.checked) || (!form.ownClient && clientProvided(vendor, form.checked))
}

/** Changing a site field makes the earlier understanding of the site void. */
export function withSiteValue(form: ConnectForm, key: string, value: string): ConnectForm {
  if (form.site[key] === value) return form
  return { ...form, site: { ...form.site, [key]: value }, checked: null }
}

/** True when every site field that must be filled in has something to check. */
export function siteIsTyped(vendor: VendorView, form: ConnectForm): boolean {
  return vendor.siteFields.every((field) => field.optional || (form.site[field.key] ?? '').trim() !== '')
}

/** What is missing before the form can be sent. An empty object means it can. */
export function formProblems(vendor: VendorView, form: ConnectForm): FormProblems {
  const problems: FormProblems = {}
  for (const field of vendor.siteFields) {
    if (!field.optional && (form.site[field.key] ?? '').trim() === '')
      problems[`site.${field.key}`] = 'Fill this in to continue.'
  }
  if (vendor.key !== null) {
    if (form.key.trim() === '') problems.key = `Paste the ${vendor.key.label}.`
    return problems
  }
  if (usesProvidedClient(vendor, form)) return problems
  if (form.clientId.trim() === '') problems.clientId = 'Paste the client ID from the registration.'
  if (vendor.secretRequired && form.clientSecret.trim() === '') {
    problems.clientSecret = 'Paste the client secret from the registration.'
  }
  return problems
}

/** The redirect URL to register at the vendor for the chosen kind; null where the vendor has none of that kind. */
export function redirectUrl(vendor: VendorView, kind: RedirectKind | null): string | null {
  return vendor.redirects.find((redirect) => redirect.kind === kind)?.url ?? null
}

/** The request for `accounts.connect`. Call it only when `formProblems` is empty. */
export function toRequest(vendor: VendorView, form: ConnectForm): ConnectRequest {
  const secret = form.clientSecret.trim()
  const place = { vendor: vendor.id, site: form.checked?.site ?? form.site }
  if (vendor.key !== null) return { ...place, client: null, way: 'key', redirect: null, key: form.key.trim() }
  const provided = usesProvidedClient(vendor, form)
  return {
    ...place,
    client: provided ? null : { clientId: form.clientId.trim(), clientSecret: secret === '' ? null : secret },
    way: form.way,
    redirect: form.redirect,
  }
}

/** Vendors whose name or description contains every typed word. */
export function findVendors(vendors: readonly VendorView[], query: string): VendorView[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  return vendors.filter((vendor) => {
    const text = `${vendor.name} ${vendor.description}`.toLocaleLowerCase()
    return words.every((word) => text.includes(word))
  })
}
