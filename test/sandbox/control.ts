import type { StoredFile } from './content/conversations.ts'
import { inlinePicture } from './content/files.ts'
import type { RowPatch, SiteStore } from './content/site-store.ts'
import type { ConversationState, IssuedToken, OutsideChange, ReceivedMessage, TokenFilter } from './control-model.ts'
import type { Directory } from './directory.ts'
import type { Fault, Faults } from './faults.ts'
import type { Limit, RateLimits } from './limits.ts'
import type { Passwords } from './oauth/passwords.ts'
import type { Secret, Secrets } from './oauth/secrets.ts'
import type { LoggedRequest, RequestFilter, RequestsLog } from './requests-log.ts'
import type { Troubles } from './troubles.ts'
import type { VendorServer } from './vendor.ts'

export interface ControlParts {
  stores: ReadonlyMap<string, SiteStore>
  servers: VendorServer[]
  serverOf(site: string): VendorServer
  limits: RateLimits
  faults: Faults
  troubles: Troubles
  log: RequestsLog
  secrets: Secrets
  passwords: Passwords
  directory: Directory
  setExportLag(ms: number): void
  cutConnections(): void
}

/** Everything a test can see and do behind the vendors' backs. All calls are async, so that another process has the same. */
export class Control {
  readonly #parts: ControlParts

  constructor(parts: ControlParts) {
    this.#parts = parts
  }

  async directory(): Promise<Directory> {
    return this.#parts.directory
  }

  /** Ends grants as if the person had removed the app: access and refresh tokens die. Returns how many grants. */
  async revoke(filter: TokenFilter = {}): Promise<number> {
    const grants = new Set<string>()
    for (const server of this.#parts.servers) {
      for (const authority of server.authorities) {
        for (const kind of ['AccessToken', 'RefreshToken'] as const) {
          for (const bearer of authority.bearers(kind, filter)) {
            if (bearer.state !== 'revoked') grants.add(bearer.grantId)
            authority.ledger.revokeGrant(bearer.grantId)
          }
        }
      }
    }
    return grants.size
  }

  /** Lets live access tokens run out now. Returns how many. */
  async expireAccessTokens(filter: TokenFilter = {}): Promise<number> {
    return this.#expire('AccessToken', filter)
  }

  async expireRefreshTokens(filter: TokenFilter = {}): Promise<number> {
    return this.#expire('RefreshToken', filter)
  }

  /** Lets authorisation codes and device codes that were not exchanged yet run out. */
  async expireCodes(): Promise<void> {
    for (const server of this.#parts.servers) for (const authority of server.authorities) authority.ledger.expireCodes()
  }

  /** Ends browser sessions at the authorisation servers: the next sign-in asks for the password. */
  async endSessions(filter: { user?: string } = {}): Promise<void> {
    for (const server of this.#parts.servers)
      for (const authority of server.authorities) authority.ledger.endSessions(filter.user)
  }

  /** A new password for a person wherever that address signs in; browser sessions of the person end. */
  async setPassword(email: string, password: string): Promise<void> {
    for (const user of this.#parts.directory.users) {
      if (user.email === email) this.#parts.passwords.set(user.authorityHost, email, password)
    }
    await this.endSessions({ user: email })
  }

  async tokens(filter: TokenFilter = {}): Promise<IssuedToken[]> {
    const found: IssuedToken[] = []
    for (const authority of this.#parts.servers.flatMap((server) => server.authorities)) {
      for (const kind of ['AccessToken', 'RefreshToken'] as const) {
        for (const { value, site, user, clientId, scopes, issuedAt, expiresAt, state } of authority.bearers(
          kind,
          filter,
        )) {
          found.push({
            kind: kind === 'AccessToken' ? 'access' : 'refresh',
            value,
            site,
            user: user.email,
            clientId,
            scopes,
            issuedAt,
            expiresAt,
            state,
          })
        }
      }
    }
    return found
  }

  /** Every secret ever issued or known: codes, tokens, client secrets, passwords, session cookies. */
  async secrets(): Promise<Secret[]> {
    return this.#parts.secrets.list()
  }

  /** The next requests that fit fail in the given way; faults strike in the order they were armed. */
  async fail(fault: Fault): Promise<void> {
    this.#parts.faults.arm(fault)
  }

  /** Disarms all faults and troubles, and brings all hosts back. */
  async clearFaults(): Promise<void> {
    this.#parts.faults.clear()
    const { troubles } = this.#parts
    const cut = troubles.proxyIssuer !== null
    troubles.clear()
    if (cut) this.#parts.cutConnections()
  }

  /** Drops every connection to these hosts, present and coming. */
  async offline(hosts: string[] | 'all'): Promise<void> {
    this.#parts.faults.offline(hosts)
    if (hosts === 'all') this.#parts.cutConnections()
  }

  async online(hosts: string[] | 'all' = 'all'): Promise<void> {
    this.#parts.faults.online(hosts)
  }

  /** The servers' clocks go wrong by so much: for the client it is its own that is off. */
  async setClockSkew(ms: number): Promise<void> {
    this.#parts.troubles.clockSkewMs = ms
  }

  /** Every request is led to the login page of the network at `host`; null lets them through again. */
  async setCaptivePortal(host: string | null): Promise<void> {
    this.#parts.troubles.captivePortal = host
  }

  /** A proxy opens every connection with certificates issued by an authority of this name; null takes it away. */
  async setProxyIssuer(name: string | null): Promise<void> {
    this.#parts.troubles.proxyIssuer = name
    this.#parts.cutConnections()
  }

  /** Other redirect URLs registered for a client; null puts the usual ones back. */
  async setRedirectUrls(clientId: string, urls: string[] | null): Promise<void> {
    if (urls === null) this.#parts.troubles.redirects.delete(clientId)
    else this.#parts.troubles.redirects.set(clientId, urls)
  }

  /** An administrator lets no app in at this authorisation server: whoever presses Allow is sent back with a refusal. */
  async setClosedByAdmin(host: string, closed: boolean): Promise<void> {
    if (closed) this.#parts.troubles.closedByAdmin.add(host)
    else this.#parts.troubles.closedByAdmin.delete(host)
  }

  /** The browser keeps no cookies of this authorisation server: the login ends at a page that says so. */
  async setCookiesBlocked(host: string, blocked: boolean): Promise<void> {
    if (blocked) this.#parts.troubles.cookiesBlocked.add(host)
    else this.#parts.troubles.cookiesBlocked.delete(host)
  }

  /** Another rate limit for one site; null puts the default back. Kinds are listed in README.md. */
  async setRateLimit(site: string, kind: string, limit: Limit | null): Promise<void> {
    this.#parts.limits.set(site, kind, limit)
  }

  /** How long changes stay out of Zendesk's incremental export. 60,000 ms unless set, as the vendor has it. */
  async setExportLag(ms: number): Promise<void> {
    this.#parts.setExportLag(ms)
  }

  async requests(filter: RequestFilter = {}): Promise<LoggedRequest[]> {
    return this.#parts.log.list(filter)
  }

  async clearRequests(): Promise<void> {
    this.#parts.log.clear()
  }

  /** A customer writes into a conversation. Returns the new message's id. */
  async customerWrites(
    site: string,
    conversationId: string,
    text: string,
    options: { picture?: boolean } = {},
  ): Promise<string> {
    const index = this.#index(site, conversationId)
    const files: StoredFile[] = options.picture ? [{ ...inlinePicture(), inline: false }] : []
    const entry = this.#store(site).customerWrites(index, text, files)
    return this.#parts.serverOf(site).messageId(site, index, entry.seq)
  }

  /** A customer begins a new conversation. Returns its id. */
  async customerOpens(site: string, subject: string, text: string): Promise<string> {
    return this.#parts.serverOf(site).conversationId(site, this.#store(site).open(subject, text))
  }

  /** Another agent, in the vendor's own screens, replies or adds a note. */
  async agentWrites(
    site: string,
    conversationId: string,
    email: string,
    kind: 'reply' | 'note',
    text: string,
  ): Promise<string> {
    const index = this.#index(site, conversationId)
    const staff = this.#staff(site, email)
    const html = `<p>${text}</p>`
    const entry = this.#store(site).add(index, { kind, author: { kind: 'staff', staff }, html, text })
    return this.#parts.serverOf(site).messageId(site, index, entry.seq)
  }

  /** Another agent changes fields in the vendor's own screens. */
  async change(site: string, conversationId: string, change: OutsideChange): Promise<void> {
    const store = this.#store(site)
    const { assignee, group, ...rest } = change
    const patch: RowPatch = { ...rest }
    if (assignee !== undefined) patch.assignee = assignee === null ? null : this.#staff(site, assignee)
    if (group !== undefined)
      patch.group = group === null ? null : store.spec.groups.findIndex((known) => known.name === group)
    if (patch.status !== undefined) store.status(patch.status)
    store.change(this.#index(site, conversationId), patch)
  }

  /** Deletes a conversation or marks it as spam, as another agent would; null brings it back. HubSpot: archived. */
  async hide(site: string, conversationId: string, how: 'spam' | 'deleted' | null): Promise<void> {
    this.#store(site).hide(this.#index(site, conversationId), how)
  }

  /** Replies and notes that reached the vendor through its API, oldest first. */
  async received(site: string, conversationId?: string): Promise<ReceivedMessage[]> {
    const server = this.#parts.serverOf(site)
    const store = this.#store(site)
    const index = conversationId === undefined ? undefined : this.#index(site, conversationId)
    return store.received
      .filter((message) => index === undefined || message.conversation === index)
      .map((message) => ({
        site,
        conversationId: server.conversationId(site, message.conversation),
        messageId: server.messageId(site, message.conversation, message.seq),
        kind: message.kind,
        author: store.spec.staff[message.staff]?.email ?? '',
        html: message.html,
        text: message.text,
        files: message.files,
        at: message.at,
      }))
  }

  async conversation(site: string, conversationId: string): Promise<ConversationState> {
    const store = this.#store(site)
    const server = this.#parts.serverOf(site)
    const index = this.#index(site, conversationId)
    const row = store.row(index)
    const status = store.status(row.status)
    const customer = store.customer(row.customer)
    return {
      id: conversationId,
      subject: row.subject,
      status: status.id,
      statusKind: status.kind,
      priority: row.priority,
      assignee: row.assignee === null ? null : (store.spec.staff[row.assignee]?.email ?? null),
      group: row.group === null ? null : (store.spec.groups[row.group]?.name ?? null),
      tags: row.tags,
      customer: { name: customer.name, email: customer.email },
      messages: store.entries(index).map((entry) => ({
        id: server.messageId(site, index, entry.seq),
        kind: entry.kind,
        by: entry.author.kind,
        text: entry.text,
        at: entry.at,
      })),
      createdAt: row.createdAt,
      updatedAt: row.updatedAt,
    }
  }

  /** Ids of conversations by last change, newest first. `statusKind` narrows them. */
  async conversationIds(site: string, options: { limit?: number; statusKind?: string } = {}): Promise<string[]> {
    const store = this.#store(site)
    const ids: string[] = []
    for (let position = store.changes.size - 1; position >= 0 && ids.length < (options.limit ?? 50); position--) {
      const index = store.changes.at(position)
      if (index === undefined) break
      const fits = !options.statusKind || store.status(store.row(index).status).kind === options.statusKind
      if (fits) ids.push(this.#parts.serverOf(site).conversationId(site, index))
    }
    return ids
  }

  #expire(kind: 'AccessToken' | 'RefreshToken', filter: TokenFilter): number {
    let count = 0
    for (const authority of this.#parts.servers.flatMap((server) => server.authorities)) {
      for (const bearer of authority.bearers(kind, filter)) {
        if (bearer.state !== 'live') continue
        authority.ledger.expire(kind, bearer.value)
        count++
      }
    }
    return count
  }

  #store(site: string): SiteStore {
    const store = this.#parts.stores.get(site)
    if (!store) throw new Error(`there is no site ${site}; known are ${[...this.#parts.stores.keys()].join(', ')}`)
    return store
  }

  #staff(site: string, email: string): number {
    const place = this.#store(site).spec.staff.findIndex((person) => person.email === email)
    if (place < 0) throw new Error(`nobody at ${site} is called ${email}`)
    return place
  }

  #index(site: string, conversationId: string): number {
    const index = this.#parts.serverOf(site).conversationIndex(site, conversationId)
    if (index === undefined || !this.#store(site).has(index))
      throw new Error(`${site} has no conversation ${conversationId}`)
    return index
  }
}
