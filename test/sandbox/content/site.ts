import type { Language, TopicName } from './words.ts'

/** The vendor-neutral kind of a status; each site has one or more real statuses of every kind it uses. */
export type StatusKind = 'new' | 'open' | 'pending' | 'hold' | 'solved' | 'closed'

export interface SiteStatus {
  /** As the vendor writes it: a number as text, or a stage id. */
  id: string
  label: string
  kind: StatusKind
}

type Role = 'agent' | 'admin' | 'light'

/** A person who works at the site. `password` signs in at the vendor's login page. */
export interface StaffSpec {
  name: string
  email: string
  password: string
  role: Role
}

/** One customer account at one vendor, with what makes it different from the others. */
export interface SiteSpec {
  /** Zendesk and Freshservice: the host. HubSpot: the portal id. Unique over all vendors. */
  id: string
  vendor: string
  /** Host of the site's API. */
  host: string
  /** Host of the authorisation server. */
  authorityHost: string
  name: string
  supportEmail: string
  /** What customers of this site write, by weight. */
  languages: Partial<Record<Language, number>>
  business: TopicName[]
  /** Share of all seeded conversations. */
  share: number
  staff: StaffSpec[]
  groups: { name: string; members: number[] }[]
  statuses: SiteStatus[]
  /** Brands of one site, where the vendor knows such (the first is the default). */
  brands: string[]
  tags: string[]
}
