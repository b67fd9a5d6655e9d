import type { Connector, ConnectorContext, Site } from '../../../main/connectors/connector.ts'
import { createAccountHttp } from '../../../main/connectors/http.ts'
import type { Conversation, Page } from '../../../main/connectors/model.ts'
import { createRateBudget } from '../../../main/connectors/rate-limit.ts'
import type { FetchPort, Log } from '../../../main/ports.ts'
import { type SandboxFetch, sandboxFetch } from '../../sandbox/client.ts'
import { type Sandbox, startSandbox } from '../../sandbox/sandbox.ts'
import { SignInFlow } from '../../sandbox/sign-in.ts'
import { vendors } from '../../sandbox/vendors.ts'

const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
const clock = { now: () => Date.now(), monotonic: () => performance.now() }

export interface Connected {
  sandbox: Sandbox
  ctx: ConnectorContext
  close(): Promise<void>
}

interface Who {
  site: string
  email: string
  scopes?: string[]
}

/** Signs in through the sandbox's pages and gives what a connector works with: the real HTTP client and a real rate budget. */
export async function connect(sandbox: Sandbox, connector: Connector, site: Site, who: Who): Promise<Connected> {
  const { fetch, close } = sandboxFetch(sandbox)
  const { token, answer } = await credentials(fetch, sandbox, connector, who)
  const port: FetchPort = async (input, init) =>
    (await fetch(String(input), init as Parameters<typeof fetch>[1])) as unknown as Response
  const tokens = { current: async () => token, renew: async () => token }
  // The limits have tests of their own; here they would only make the reading slow.
  const budget = createRateBudget({ ...connector.rate, defaultLimit: 100_000, buckets: [] }, clock)
  // How long it waits between two tries, and what it leaves to the agent after a refusal, is a matter of the client's own tests.
  const client = { fetch: port, tokens, connector, site, accountId: 'a1', clock, log: silent, budget }
  const http = createAccountHttp({ ...client, priority: 'interactive', bounds: { firstRetryMs: 5 } })
  const { signal } = new AbortController()
  const now = () => Date.now()
  const identity = await connector.identify({ http, now, signal, site, tokenAnswer: answer })
  return { sandbox, ctx: { account: { id: 'a1', site, identity }, http, now, signal }, close }
}

/** The token of a sign-in through the pages, or the secret a vendor without OAuth gives people. */
async function credentials(fetch: SandboxFetch, sandbox: Sandbox, connector: Connector, who: Who) {
  const vendor = vendors.find((each) => each.id === connector.id)
  const key = vendor?.keys?.find((each) => each.site === who.site && each.email === who.email)?.key
  if (key !== undefined) return { token: key, answer: {} }
  const signedIn = await new SignInFlow(fetch, sandbox.directory, who).run()
  return { token: signedIn.accessToken, answer: signedIn.answer }
}

/** @param size conversations of the site one signs in to, whatever other sites there are */
export async function open(connector: Connector, site: Site, who: Who, size: number): Promise<Connected> {
  const share = vendors.flatMap((vendor) => vendor.sites).find((each) => each.id === who.site)?.share ?? 1
  const sandbox = await startSandbox({ perShare: size / share, seed: 7 })
  await sandbox.control.setExportLag(0)
  for (const kind of Object.keys(vendors.find((vendor) => vendor.id === connector.id)?.limits ?? {})) {
    await sandbox.control.setRateLimit(who.site, kind, { max: 100_000, windowMs: 60_000 })
  }
  const connected = await connect(sandbox, connector, site, who)
  return {
    ...connected,
    async close() {
      await connected.close()
      await sandbox.close()
    },
  }
}

/** What the store would hold after a row of pages: the newest version of each conversation. */
export class Shelf {
  readonly rows = new Map<string, Conversation>()
  readonly pages: Page[] = []
  cursor: string | null = null

  async fill(
    connector: Connector,
    ctx: ConnectorContext,
    between?: (page: number) => void | Promise<void>,
  ): Promise<void> {
    for (let page = 0; page < 2000; page += 1) {
      const read: Page = await connector.pull(ctx, this.cursor)
      this.add(read)
      await between?.(page)
      if (!read.more) return
    }
    throw new Error('the account never became current')
  }

  add(page: Page): void {
    this.pages.push(page)
    this.cursor = page.cursor
    for (const one of page.conversations) {
      const before = this.rows.get(one.vendorId)
      if (before === undefined || one.version >= before.version) this.rows.set(one.vendorId, one)
    }
    for (const id of page.removedVendorIds) this.rows.delete(id)
  }
}
