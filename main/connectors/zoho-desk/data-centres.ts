import { AppError } from '../../errors.ts'
import type { Site } from '../connector.ts'

/** One of Zoho's separate worlds: a login, its tokens and its portals live in exactly one. */
interface DataCentre {
  /** As `location` names it in the answer of the authorization endpoint. */
  id: string
  label: string
  accounts: string
  desk: string
}

/**
 * Accounts hosts: https://zoho.com/accounts/protocol/oauth/multi-dc.html. Desk hosts: the servers of https://github.com/zoho/zohodesk-oas;
 * those of uk and cn are to be confirmed on a live account. Client secrets and tokens go to hosts of this table only.
 */
export const dataCentres: readonly DataCentre[] = [
  { id: 'us', label: 'United States (zoho.com)', accounts: 'accounts.zoho.com', desk: 'desk.zoho.com' },
  { id: 'eu', label: 'Europe (zoho.eu)', accounts: 'accounts.zoho.eu', desk: 'desk.zoho.eu' },
  { id: 'in', label: 'India (zoho.in)', accounts: 'accounts.zoho.in', desk: 'desk.zoho.in' },
  { id: 'au', label: 'Australia (zoho.com.au)', accounts: 'accounts.zoho.com.au', desk: 'desk.zoho.com.au' },
  { id: 'jp', label: 'Japan (zoho.jp)', accounts: 'accounts.zoho.jp', desk: 'desk.zoho.jp' },
  { id: 'ca', label: 'Canada (zohocloud.ca)', accounts: 'accounts.zohocloud.ca', desk: 'desk.zohocloud.ca' },
  { id: 'sa', label: 'Saudi Arabia (zoho.sa)', accounts: 'accounts.zoho.sa', desk: 'desk.zoho.sa' },
  { id: 'uk', label: 'United Kingdom (zoho.uk)', accounts: 'accounts.zoho.uk', desk: 'desk.zoho.uk' },
  { id: 'cn', label: 'China (zoho.com.cn)', accounts: 'accounts.zoho.com.cn', desk: 'desk.zoho.com.cn' },
]

const first = dataCentres[0] as DataCentre

/** The data centre of a site; the first where none is named. @throws AppError `site_invalid` for one that is not in the table */
export function dataCentreOf(site: Site): DataCentre {
  if (site.dc === undefined) return first
  const found = dataCentres.find((each) => each.id === site.dc)
  if (found) return found
  throw unknownDataCentre()
}

/** A data centre as people paste it: its id, or any address at it. @throws AppError `site_invalid` */
export function readDataCentre(text: string): string {
  const typed = text.trim().toLowerCase()
  const host = (typed.replace(/^https?:\/\//, '').split(/[/?#:]/, 1)[0] ?? '').replace(/\.$/, '')
  const found = dataCentres.find(({ id, desk }) => {
    const domain = desk.slice('desk.'.length)
    return typed === id || host === domain || host.endsWith(`.${domain}`)
  })
  if (found) return found.id
  throw unknownDataCentre()
}

/**
 * The site with the data centre the person really lives in: `accounts-server` and `location` of the answer
 * (https://zoho.com/accounts/protocol/oauth/multi-dc/client-authorization.html). Anybody can write them into a link, and the client
 * secret goes there next: only exact values of the table count, and the two must agree. @throws AppError `site_invalid`
 */
export function siteOfRedirect(site: Site, parameters: URLSearchParams): Site {
  const servers = parameters.getAll('accounts-server')
  const locations = parameters.getAll('location')
  const named = [
    ...servers.map((server) => dataCentres.find(({ accounts }) => server === `https://${accounts}`)),
    ...locations.map((location) => dataCentres.find(({ id }) => location === id)),
  ]
  const [there] = named
  if (named.length === 0) return site
  if (there === undefined || named.some((each) => each !== there)) throw unknownDataCentre()
  return { ...site, dc: there.id }
}

function unknownDataCentre(): AppError {
  return new AppError('site_invalid', 'This is not one of the data centres of Zoho that Manydesk knows.', {
    action: `Choose the ending of the address you see in Zoho Desk: ${dataCentres.map(({ desk }) => desk.slice(5)).join(', ')}.`,
  })
}
