import type { SiteSpec, StaffSpec } from './content/site.ts'

/** An OAuth client as somebody registered it at the vendor. */
export interface ClientSpec {
  clientId: string
  /** Null: a public client, which must use PKCE. */
  clientSecret: string | null
  name: string
  /** Authorisation servers that know it. */
  authorityHosts: string[]
  redirectUris: string[]
  scopes: string[]
}

/** A person who can sign in, with the sites that person works at. */
export interface UserEntry extends StaffSpec {
  vendor: string
  authorityHost: string
  sites: string[]
}

export interface SiteEntry {
  id: string
  vendor: string
  name: string
  host: string
  authorityHost: string
  conversations: number
  brands: string[]
}

/** What there is to sign in to: printed by the process, offered to tests. */
export interface Directory {
  sites: SiteEntry[]
  users: UserEntry[]
  clients: (ClientSpec & { vendor: string })[]
  /** Secrets that vendors without OAuth gave to people. */
  keys: KeyEntry[]
}

export interface KeyEntry {
  vendor: string
  site: string
  email: string
  key: string
}

/** Redirect URLs every sandbox client has registered. They must be matched exactly, but for the port of the last (RFC 8252 7.3). */
export const registeredRedirectUris = [
  'https://connect.manydesk.app/oauth/callback',
  'app.manydesk://oauth/callback',
  'http://localhost:53682/oauth/callback',
  'http://localhost:53683/oauth/callback',
  'http://127.0.0.1:53682/oauth/callback',
  'http://127.0.0.1/oauth/callback',
]

/** The same e-mail address at several sites of one authorisation server is one person. */
export function usersOf(vendor: string, sites: SiteSpec[]): UserEntry[] {
  const users = new Map<string, UserEntry>()
  for (const site of sites) {
    for (const person of site.staff) {
      const key = `${site.authorityHost}\n${person.email}`
      const known = users.get(key)
      if (known) known.sites.push(site.id)
      else users.set(key, { ...person, vendor, authorityHost: site.authorityHost, sites: [site.id] })
    }
  }
  return [...users.values()]
}
