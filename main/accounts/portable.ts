import { z } from 'zod'
import type { TextFault } from '../connectors/manifest/faults.ts'
import { readText } from '../connectors/manifest/text.ts'
import type { Account, Brand } from './model.ts'

/** Longest file that is read, in characters: thousands of accounts. */
export const longestPortable = 4_000_000

const name = z.string().max(300)
const key = z.string().min(1).max(300)

const portableBrand = z.strictObject({
  /** Names the brand inside of the file only. */
  id: key,
  name: z.string().trim().min(1).max(80),
  color: z.string().regex(/^#[0-9a-f]{6}$/i, 'a colour as #rrggbb is expected'),
  monogram: z.string().trim().min(1).max(3),
  replyName: z.string().max(120),
  replyAddress: z.string().max(200),
  signature: z.string().max(4000),
})

const portableAccount = z.strictObject({
  vendor: key,
  site: z.record(z.string().max(40), z.string().max(300)),
  siteLabel: name,
  /** Who is expected to sign in. */
  user: z.strictObject({
    vendorUserId: key,
    siteKey: key,
    name,
    email: name.nullable(),
    role: name.nullable(),
  }),
  /** An `id` of `brands`, or null. */
  brand: key.nullable(),
  /** The vendor's own brand key -> an `id` of `brands`. */
  routing: z.record(z.string().min(1).max(200), key),
  /** Public: names the OAuth client, opens nothing. */
  clientId: z.string().max(500),
  way: z.enum(['auth-window', 'system-browser', 'device', 'client-credentials', 'jwt-bearer', 'key']),
  redirect: z.enum(['handover', 'app', 'loopback']).nullable(),
  paused: z.boolean(),
})

/**
 * Accounts and brands for another computer. Strict: what is not named here is refused, so that a file with a secret in it is seen as wrong
 * rather than half read.
 */
const portableFile = z.strictObject({
  kind: z.literal('manydesk.accounts'),
  version: z.literal(1),
  exportedAt: z.iso.datetime(),
  brands: z.array(portableBrand).max(500),
  accounts: z.array(portableAccount).max(2000),
})

export type PortableFile = z.infer<typeof portableFile>
export type PortableAccount = z.infer<typeof portableAccount>
export type PortableBrand = z.infer<typeof portableBrand>

/** Accounts and brands without any secret: no token, no client secret, no key, and nothing of a conversation. */
export function toPortable(accounts: readonly Account[], brands: readonly Brand[], now: number): PortableFile {
  const known = new Set(brands.map((brand) => brand.id))
  return {
    kind: 'manydesk.accounts',
    version: 1,
    exportedAt: new Date(now).toISOString(),
    brands: brands.map(({ position: _, ...brand }) => brand),
    accounts: accounts.map(
      ({ vendor, site, siteLabel, identity, brandId, routing, clientId, way, redirect, state }) => ({
        ...{ vendor, site, siteLabel, clientId, way, redirect },
        user: {
          vendorUserId: identity.vendorUserId,
          siteKey: identity.siteKey,
          name: identity.name,
          email: identity.email,
          role: identity.role,
        },
        brand: brandId !== null && known.has(brandId) ? brandId : null,
        routing: Object.fromEntries(Object.entries(routing).filter(([, brand]) => known.has(brand))),
        paused: state === 'paused',
      }),
    ),
  }
}

/** Reads such a file. Each fault has the line and column it stands at; never throws. */
export function readPortable(text: string): { file: PortableFile | null; faults: TextFault[] } {
  const { value, faults } = readText(text, portableFile, longestPortable, 'list of accounts')
  return { file: value, faults }
}
