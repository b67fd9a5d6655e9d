import ky from 'ky'
import type { Connector, Site } from '../../connectors/connector.ts'

/** Host of an address; null for text that is none. */
export function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).hostname : null
}

/** The part of a host that one owner has: its last two labels, three under endings like `co.uk`. Near enough to tell a stranger. */
export function ownerOf(host: string): string {
  const labels = host.split('.')
  const short = /^(?:co|com|org|net|ac|gov)$/.test(labels.at(-2) ?? '') && (labels.at(-1) ?? '').length === 2
  return labels.slice(short ? -3 : -2).join('.')
}

/** True where the two are of different owners. */
export const isForeign = (host: string, than: string) => ownerOf(host) !== ownerOf(than)

/** The address of the connector's first call, found by letting it make that call into the void. */
export async function firstCallAddress(connector: Connector, site: Site, signal: AbortSignal): Promise<string> {
  const { api } = connector.hosts(site)
  let first: Request | null = null
  const http = ky.create({
    baseUrl: `${api.replace(/\/$/, '')}/`,
    retry: 0,
    fetch: async (input, init) => {
      first ??= input instanceof Request ? input : new Request(input, init)
      throw new Error('nothing is sent')
    },
  })
  await Promise.resolve()
    .then(() => connector.identify({ http, now: Date.now, signal, site, tokenAnswer: {} }))
    .catch(() => undefined)
  const found = first as Request | null
  return found !== null && found.method === 'GET' ? found.url : api
}

/** The same site at every other choice the vendor has (a data centre, a region); empty where there is no choice. */
export function otherCentres({ signIn }: Connector, site: Site): { label: string; site: Site }[] {
  return signIn.fields.flatMap(({ key, options = [] }) =>
    options
      .filter(({ value }) => value !== (site[key] ?? options[0]?.value))
      .map(({ value, label }) => ({ label, site: { ...site, [key]: value } })),
  )
}

/** True where a person typed the address of the site. */
export function typesSite({ signIn }: Connector): boolean {
  return signIn.fields.some(({ options, optional }) => options === undefined && optional !== true)
}
