import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SiteStore } from './content/site-store.ts'
import { Control } from './control.ts'
import { answerControl, controlHost } from './control-host.ts'
import { type Directory, usersOf } from './directory.ts'
import { type Exchange, empty, type Reply } from './exchange.ts'
import { Faults } from './faults.ts'
import { answerHandover, handoverHost } from './handover.ts'
import { RateLimits } from './limits.ts'
import { Passwords } from './oauth/passwords.ts'
import { Secrets } from './oauth/secrets.ts'
import { RequestsLog } from './requests-log.ts'
import { listen } from './server.ts'
import { certificate } from './tls.ts'
import { Troubles } from './troubles.ts'
import type { VendorServer, VendorSpec, World } from './vendor.ts'
import { vendors } from './vendors.ts'

export interface SandboxOptions {
  /** 0 or absent: a free port. */
  port?: number
  /** The same seed gives the same people and conversations. Default 1. */
  seed?: number
  /** Conversations over all sites together. Default 2,400. */
  conversations?: number
  /** In place of `conversations`: so many for each share of a site, whatever other sites there are. */
  perShare?: number
  /** When the newest seeded change lies, in epoch milliseconds. Default now. */
  endsAt?: number
  /** Keeps certificate, tokens and sessions over a restart. */
  dataDir?: string
}

export interface Sandbox {
  port: number
  spki: string
  /** For Chromium's and the app's `--host-resolver-rules`. */
  hostResolverRules: string
  hosts: string[]
  directory: Directory
  control: Control
  close(): Promise<void>
}

const hostOf = (pattern: string) => pattern.split('/', 1)[0] ?? pattern

/** How exactly a pattern names a request: 0 where it does not. */
function exactness(pattern: string, { host, url }: Exchange): number {
  const name = hostOf(pattern)
  const path = pattern.slice(name.length)
  const fits = name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name
  const below = url.pathname === path || url.pathname.startsWith(`${path}/`)
  return fits && below ? pattern.length : 0
}

/** The vendor whose pattern names a request most exactly. */
function mostExact<T extends { spec: VendorSpec }>(open: T[], exchange: Exchange): T | undefined {
  const rated = open.map((each) => ({ each, fit: Math.max(...each.spec.hosts.map((one) => exactness(one, exchange))) }))
  return rated.filter((one) => one.fit > 0).sort((a, b) => b.fit - a.fit)[0]?.each
}

function makeStores(options: SandboxOptions, endsAt: number): Map<string, SiteStore> {
  const sites = vendors.flatMap((vendor) => vendor.sites)
  const shares = sites.reduce((sum, site) => sum + site.share, 0)
  const perShare = options.perShare ?? (options.conversations ?? 2400) / shares
  return new Map(
    sites.map((site) => [
      site.id,
      new SiteStore(site, { seed: options.seed ?? 1, size: Math.round(perShare * site.share), endsAt }),
    ]),
  )
}

function makeDirectory(stores: ReadonlyMap<string, SiteStore>): Directory {
  return {
    sites: [...stores.values()].map(({ spec, size }) => ({
      id: spec.id,
      vendor: spec.vendor,
      name: spec.name,
      host: spec.host,
      authorityHost: spec.authorityHost,
      conversations: size,
      brands: spec.brands,
    })),
    users: vendors.flatMap((vendor) => usersOf(vendor.id, vendor.sites)),
    clients: vendors.flatMap((vendor) => vendor.clients.map((client) => ({ vendor: vendor.id, ...client }))),
    keys: vendors.flatMap((vendor) => (vendor.keys ?? []).map((entry) => ({ vendor: vendor.id, ...entry }))),
  }
}

interface Saved {
  endsAt: number
  authorities: Record<string, unknown>
}

async function readSaved(dataDir: string | undefined): Promise<Saved | undefined> {
  if (!dataDir) return undefined
  try {
    return JSON.parse(await readFile(join(dataDir, 'state.json'), 'utf8')) as Saved
  } catch {
    return undefined
  }
}

async function save(dataDir: string | undefined, endsAt: number, servers: VendorServer[]): Promise<void> {
  if (!dataDir) return
  const authorities = Object.fromEntries(
    servers.flatMap((server) => server.authorities).map((authority) => [authority.spec.host, authority.dump()]),
  )
  await mkdir(dataDir, { recursive: true })
  await writeFile(join(dataDir, 'state.json'), JSON.stringify({ endsAt, authorities } satisfies Saved), { mode: 0o600 })
}

/** The vendors at work, and what tests do to them. */
function openVendors(options: SandboxOptions, endsAt: number, saved: Saved | undefined) {
  const stores = makeStores(options, endsAt)
  const secrets = new Secrets()
  const passwords = new Passwords(secrets)
  const limits = new RateLimits(Object.assign({}, ...vendors.map((vendor) => vendor.limits)))
  const troubles = new Troubles()
  let exportLag = 60_000
  const world: World = {
    seed: options.seed ?? 1,
    stores,
    limits,
    passwords,
    secrets,
    troubles,
    exportLagMs: () => exportLag,
  }
  const open = vendors.map((spec) => ({ spec, server: spec.open(world) }))
  const servers = open.map(({ server }) => server)
  for (const authority of servers.flatMap((server) => server.authorities)) {
    const known = saved?.authorities[authority.spec.host]
    if (known) authority.restore(known)
  }
  return {
    stores,
    secrets,
    passwords,
    limits,
    troubles,
    servers,
    directory: makeDirectory(stores),
    setExportLag: (ms: number) => {
      exportLag = ms
    },
    serverOf: (site: string): VendorServer => {
      const found = open.find(({ spec }) => spec.sites.some((known) => known.id === site))
      if (!found) throw new Error(`there is no site ${site}; known are ${[...stores.keys()].join(', ')}`)
      return found.server
    },
    answer: async (exchange: Exchange): Promise<Reply> => {
      const found = mostExact(open, exchange)
      return found ? found.server.answer(exchange) : empty(421)
    },
  }
}

/** Starts all vendors on one loopback TLS port. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const served = vendors.flatMap((vendor) => vendor.hosts.map(hostOf))
  const hosts = [...new Set([...served, handoverHost, controlHost])]
  const saved = await readSaved(options.dataDir)
  const endsAt = options.endsAt ?? saved?.endsAt ?? Date.now()
  const opened = openVendors(options, endsAt, saved)
  const faults = new Faults()
  const log = new RequestsLog()
  const control = new Control({ ...opened, faults, log, cutConnections: () => running.cutAll() })
  const answer = async (exchange: Exchange): Promise<Reply> => {
    if (exchange.host === controlHost) return answerControl(control, exchange)
    return exchange.host === handoverHost ? answerHandover(exchange) : opened.answer(exchange)
  }
  const made = await certificate(hosts, options.dataDir)
  const { troubles } = opened
  const parts = { certificate: made, log, faults, troubles, isControl: (host: string) => host === controlHost, answer }
  const running = await listen(parts, options.port ?? 0)
  return {
    port: running.port,
    spki: made.spki,
    hostResolverRules: hosts.map((host) => `MAP ${host} 127.0.0.1:${running.port}`).join(','),
    hosts,
    directory: opened.directory,
    control,
    close: async () => {
      await save(options.dataDir, endsAt, opened.servers)
      running.cutAll()
      await new Promise<void>((resolve) => running.server.close(() => resolve()))
    },
  }
}
