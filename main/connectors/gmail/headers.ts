import { type Address, addressParser, decodeWords } from 'postal-mime'
import { z } from 'zod'
import type { Person } from '../model.ts'

export interface Mailbox {
  name: string | null
  /** In lower case. */
  address: string
}

const headerSchema = z.object({ name: z.string(), value: z.string() })

/** Headers of one part by lower-case name, encoded words decoded. Where a header comes twice the first counts, as Gmail shows it. */
export class MailHeaders {
  readonly #raw = new Map<string, string>()

  constructor(list: unknown) {
    for (const each of Array.isArray(list) ? list : []) {
      const header = headerSchema.safeParse(each)
      if (!header.success) continue
      const name = header.data.name.toLowerCase()
      if (!this.#raw.has(name)) this.#raw.set(name, header.data.value)
    }
  }

  /** As text for people. */
  text(name: string): string | null {
    const value = this.#raw.get(name)
    const text = value === undefined ? '' : decodeWords(value.replace(/\r?\n(?=[ \t])/g, '')).trim()
    return text === '' ? null : text
  }

  /** Every mailbox of an address header, those of groups included. */
  addresses(name: string): Mailbox[] {
    const value = this.#raw.get(name)
    return value === undefined ? [] : addressParser(value).flatMap(readAddress)
  }

  /** Message ids of `Message-ID`, `In-Reply-To` or `References`, with their angle brackets. */
  ids(name: string): string[] {
    return this.#raw.get(name)?.match(/<[^<>\s]+>/g) ?? []
  }

  /** A parameter such as `charset` of `Content-Type`. */
  parameter(name: string, key: string): string | null {
    const found = new RegExp(`;\\s*${key}\\s*=\\s*(?:"([^"]*)"|([^;\\s]+))`, 'i').exec(this.#raw.get(name) ?? '')
    return found?.[1] ?? found?.[2] ?? null
  }
}

function readAddress({ name, address, group }: Address): Mailbox[] {
  if (group) return group.flatMap(readAddress)
  if (!address?.includes('@')) return []
  return [{ name: name.trim() === '' ? null : name.trim(), address: address.trim().toLowerCase() }]
}

/** Google has no ids of people: an address is one person within a mailbox. */
export const personOf = ({ name, address }: Mailbox): Person => ({
  vendorId: address,
  name,
  email: address,
  phone: null,
})
