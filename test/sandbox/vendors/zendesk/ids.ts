import type { Entry } from '../../content/conversations.ts'
import type { SiteSpec } from '../../content/site.ts'
import { zendeskSites } from './sites.ts'

/** How numbers of the sandbox become ids of one Zendesk site. All stay below 2^53, as the vendor's do. */
export class ZendeskIds {
  readonly #base: number

  constructor(site: SiteSpec) {
    this.#base = 46_000_000_000_000 + (zendeskSites.findIndex((known) => known.id === site.id) + 1) * 100_000_000_000
  }

  ticket = (index: number) => index + 1
  index = (ticketId: number) => ticketId - 1

  staff = (place: number) => this.#base + 10 + place
  staffPlace = (id: number) => id - this.#base - 10
  customer = (number: number) => this.#base + 1_000_000 + number
  customerNumber = (id: number) => id - this.#base - 1_000_000

  group = (place: number) => this.#base + 500 + place
  groupPlace = (id: number) => id - this.#base - 500
  brand = (place: number) => this.#base + 700 + place

  comment = (index: number, seq: number) => this.#base + 10_000_000_000 + index * 1000 + seq
  audit = (index: number, seq: number) => this.#base + 30_000_000_000 + index * 1000 + seq
  attachment = (index: number, seq: number, place: number) =>
    this.#base + 50_000_000_000 + (index * 1000 + seq) * 10 + place
  attachmentPlace = (id: number) => {
    const rest = id - this.#base - 50_000_000_000
    return { index: Math.floor(rest / 10_000), seq: Math.floor(rest / 10) % 1000, place: rest % 10 }
  }

  author(entry: Entry): number | null {
    if (entry.author.kind === 'staff') return this.staff(entry.author.staff)
    return entry.author.kind === 'customer' ? this.customer(entry.author.customer) : -1
  }
}
