import type { KyInstance } from 'ky'
import type { ConnectorContext } from '../connector.ts'
import { serverTimeOf } from '../server-time.ts'

type Query = Record<string, string | number | boolean>

export interface Answer {
  /** The parsed body; null for 204, which is how Zoho says "nothing found". */
  body: unknown
  /** The server's clock in milliseconds, null where it does not say. */
  serverTime: number | null
  /** Credits the portal has left today, null where the answer does not say. */
  credits: number | null
}

/** The calls of one portal. Every one but the list of portals needs the portal's id in `orgId` (https://desk.zoho.com/DeskAPIDocument). */
export interface Desk {
  get(path: string, query?: Query): Promise<Answer>
  post(path: string, json: object): Promise<Answer>
  patch(path: string, json: object): Promise<Answer>
}

/** @param orgId null before the portal is known */
export function openDesk(http: KyInstance, signal: AbortSignal, orgId: string | null): Desk {
  // Said aloud, since an answer that may be anything is taken for a file.
  const headers = { accept: 'application/json', ...orgHeader(orgId) }
  return {
    get: async (path, searchParams = {}) => read(await http.get(path, { searchParams, headers, signal })),
    post: async (path, json) => read(await http.post(path, { json, headers, signal })),
    patch: async (path, json) => read(await http.patch(path, { json, headers, signal })),
  }
}

export const orgHeader = (orgId: string | null): Record<string, string> => (orgId === null ? {} : { orgId })

export type PortalContext = Pick<ConnectorContext, 'http' | 'signal' | 'account'>

/** The portal of an account: its id is the account's site key. */
export const deskOf = ({ http, signal, account }: PortalContext): Desk =>
  openDesk(http, signal, account.identity.siteKey)

async function read(response: Response): Promise<Answer> {
  const credits = Number.parseInt(response.headers.get('x-rate-limit-remaining-v3') ?? '', 10)
  return {
    body: response.status === 204 ? null : await response.json(),
    serverTime: serverTimeOf(response.headers),
    credits: Number.isFinite(credits) ? credits : null,
  }
}
