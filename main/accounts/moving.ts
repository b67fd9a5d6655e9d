import { randomUUID } from 'node:crypto'
import type { Connector, RedirectKind, SignInWay, Site } from '../connectors/connector.ts'
import type { TextFault } from '../connectors/manifest/faults.ts'
import { AppError, isAppError } from '../errors.ts'
import type { Accounts } from './accounts.ts'
import type { Brands } from './brands.ts'
import type { Account } from './model.ts'
import { type PortableAccount, type PortableBrand, type PortableFile, readPortable, toPortable } from './portable.ts'

/** What becomes of one entry: `new` is added, `here` is left as it is, `refused` cannot be taken, for `reason`. */
export type Verdict = 'new' | 'here' | 'refused'

export interface ImportPreview {
  /** Not empty: nothing of the file can be taken. */
  faults: TextFault[]
  brands: { name: string; verdict: 'new' | 'here' }[]
  accounts: {
    vendorName: string
    siteLabel: string
    userName: string
    email: string | null
    verdict: Verdict
    reason: string | null
  }[]
}

export interface Moving {
  /** Everything that may leave: no secret is in it. */
  export(): PortableFile
  /** What importing this text would do. Changes nothing. */
  preview(text: string): ImportPreview
  /**
   * Adds what is new; each added account asks for its sign-in. Answers their ids in the order of the file.
   * @throws AppError `bad_request` for a file with faults, `file_failed`, `store_full`
   */
  import(text: string): { accountIds: string[]; brands: number }
}

interface MovingOptions {
  accounts: Pick<Accounts, 'list' | 'findIdentity' | 'addAll'>
  brands: Pick<Brands, 'list' | 'save'>
  connectorFor(vendor: string): Connector | null
  /** A sentence why accounts of this connector may not be used here, or null. */
  forbids(connector: Connector): string | null
  now(): number
}

/** One account of a file, judged against what is here. */
interface Judged {
  entry: PortableAccount
  vendorName: string
  verdict: Verdict
  reason: string | null
  site: Site
}

/** Takes accounts and brands from one computer to another. Sign-ins stay behind: they are asked for anew. */
export function createMoving(options: MovingOptions): Moving {
  const { accounts, brands, now } = options
  const brandHere = (brand: PortableBrand) => {
    const all = brands.list()
    return all.find(({ id }) => id === brand.id) ?? all.find((each) => sameName(each.name, brand.name)) ?? null
  }

  const judge = (entry: PortableAccount, seen: Set<string>): Judged => {
    const connector = options.connectorFor(entry.vendor)
    const judged = (verdict: Verdict, reason: string | null, site: Site = entry.site): Judged => ({
      ...{ entry, verdict, reason, site },
      vendorName: connector?.name ?? entry.vendor,
    })
    if (accounts.findIdentity(entry.vendor, entry.user) !== null) return judged('here', null)
    if (connector === null) return judged('refused', 'This Manydesk does not know the vendor.')
    const forbidden = options.forbids(connector)
    if (forbidden !== null) return judged('refused', forbidden)
    if (!waysOf(connector).includes(entry.way)) {
      return judged('refused', `${connector.name} does not allow the way of signing in that the file names.`)
    }
    const identity = JSON.stringify([entry.vendor, entry.user.siteKey, entry.user.vendorUserId])
    if (seen.has(identity)) return judged('refused', 'It stands in the file twice.')
    seen.add(identity)
    try {
      return judged('new', null, normalised(connector, entry.site))
    } catch (error) {
      if (!isAppError(error)) throw error
      return judged('refused', error.message)
    }
  }
  const judgeAll = (file: PortableFile): Judged[] => {
    const seen = new Set<string>()
    return file.accounts.map((entry) => judge(entry, seen))
  }

  const addBrands = (file: PortableFile) => {
    const ids = new Map<string, string>()
    let added = 0
    for (const { id, ...fields } of file.brands) {
      const here = brandHere({ id, ...fields })
      if (here === null) added += 1
      ids.set(id, (here ?? brands.save({ ...fields, id: null })).id)
    }
    return { ids, added }
  }

  const newAccount = ({ entry, site }: Judged, brandIds: Map<string, string>): Account => {
    const connector = options.connectorFor(entry.vendor)
    const id = randomUUID()
    const routing = Object.entries(entry.routing).flatMap(([key, brand]) => {
      const brandId = brandIds.get(brand)
      return brandId === undefined ? [] : [[key, brandId] as const]
    })
    return {
      id,
      vendor: entry.vendor,
      site,
      siteLabel: connector?.signIn.siteLabel(site) ?? entry.siteLabel,
      identity: entry.user,
      brandId: (entry.brand !== null && brandIds.get(entry.brand)) || null,
      routing: Object.fromEntries(routing),
      state: entry.paused ? 'paused' : 'needs_sign_in',
      trouble: {
        code: 'needs_sign_in',
        message: 'This account was imported and has not signed in on this computer yet.',
        action: `Sign in as ${entry.user.email ?? entry.user.name}.`,
        detail: null,
      },
      clientId: entry.clientId,
      way: entry.way,
      redirect: redirectOf(connector, entry),
      scopes: [],
      accessExpiresAt: null,
      refreshExpiresAt: null,
      connectedAt: now(),
      lastSyncAt: null,
      partition: `persist:account-${id}`,
    }
  }

  return {
    export: () => toPortable(accounts.list(), brands.list(), now()),
    preview(text) {
      const { file, faults } = readPortable(text)
      if (file === null) return { faults, brands: [], accounts: [] }
      return {
        faults,
        brands: file.brands.map((brand) => ({ name: brand.name, verdict: brandHere(brand) === null ? 'new' : 'here' })),
        accounts: judgeAll(file).map(({ entry, vendorName, verdict, reason }) => ({
          ...{ vendorName, verdict, reason, siteLabel: entry.siteLabel },
          userName: entry.user.name,
          email: entry.user.email,
        })),
      }
    },
    import(text) {
      const { file, faults } = readPortable(text)
      if (file === null) throw notPortable(faults)
      const fresh = judgeAll(file).filter(({ verdict }) => verdict === 'new')
      const { ids, added } = addBrands(file)
      const made = fresh.map((judged) => newAccount(judged, ids))
      accounts.addAll(made)
      return { accountIds: made.filter(({ state }) => state !== 'paused').map(({ id }) => id), brands: added }
    },
  }
}

const sameName = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase()

const waysOf = ({ signIn }: Connector): readonly SignInWay[] => (signIn.kind === 'key' ? ['key'] : signIn.ways)

/** Null where the vendor has no such redirect any more: the first that fits is taken at the sign-in. */
function redirectOf(connector: Connector | null, { redirect }: PortableAccount): RedirectKind | null {
  if (connector?.signIn.kind !== 'oauth' || redirect === null) return null
  return connector.signIn.redirects.includes(redirect) ? redirect : null
}

/** @throws AppError `site_invalid` */
function normalised({ name, signIn }: Connector, site: Site): Site {
  const unknown = Object.keys(site).find((key) => !signIn.fields.some((field) => field.key === key))
  if (unknown !== undefined) throw new AppError('site_invalid', `${name} has no field "${unknown}" for its site.`)
  return Object.fromEntries(signIn.fields.map((field) => [field.key, field.normalise(site[field.key] ?? '')]))
}

function notPortable(faults: TextFault[]): AppError {
  const [first] = faults
  return new AppError('bad_request', 'This is not a list of accounts that Manydesk can read.', {
    action: 'Choose a file that was made by "Export accounts".',
    detail: first === undefined ? null : `line ${first.line}, column ${first.column}: ${first.message}`,
  })
}
