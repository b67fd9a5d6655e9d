import { type Exchange, html, json, type Reply } from '../../exchange.ts'
import type { Authority, Bearer } from '../../oauth/authority.ts'
import { matcher, type Route } from '../../router.ts'
import type { VendorServer, VendorSpec, World } from '../../vendor.ts'
import type { Call } from './call.ts'
import * as changes from './changes.ts'
import { refuse, tooMany } from './errors.ts'
import { flow } from './flow.ts'
import * as lists from './lists.ts'
import { Mailbox } from './mailbox.ts'
import { microsoftAuthority, microsoftPage, microsoftToken } from './oauth.ts'
import { graphHost, isShared, loginHost, outlookClients, outlookSites, tenantOf, userId } from './sites.ts'
import { select } from './wire.ts'

interface Endpoint {
  run(call: Call): Reply
  /** `.Shared` is added for a mailbox of others. */
  scope: 'Mail.ReadWrite' | 'Mail.Send'
}

const user = '/v1.0/users/{user}'
const message = `${user}/messages/{message}`
const route = (
  method: string,
  path: string,
  run: Endpoint['run'],
  scope: Endpoint['scope'] = 'Mail.ReadWrite',
): Route<Endpoint> => ({
  method,
  path,
  handler: { run, scope },
})

const routes: Route<Endpoint>[] = [
  route('GET', `${user}/messages`, lists.listMessages),
  route('POST', `${user}/messages`, changes.createMessage),
  route('GET', message, lists.showMessage),
  route('PATCH', message, changes.updateMessage),
  route('DELETE', message, changes.deleteMessage),
  route('POST', `${message}/createReply`, changes.createReply),
  route('POST', `${message}/move`, changes.moveMessage),
  route('POST', `${message}/send`, changes.sendMessage, 'Mail.Send'),
  route('GET', `${message}/attachments`, lists.listAttachments),
  route('GET', `${message}/attachments/{attachment}/$value`, lists.attachmentBytes),
  route('GET', `${user}/mailFolders`, lists.listFolders),
  route('GET', `${user}/mailFolders/{folder}`, lists.showFolder),
  route('GET', `${user}/mailFolders/{folder}/messages`, lists.listFolderMessages),
  route('GET', `${user}/mailFolders/{folder}/messages/delta`, lists.delta),
]
const find = matcher(routes.map((each) => ({ ...each, path: each.path.replaceAll('$', '\\$') })))

class OutlookServer implements VendorServer {
  readonly authorities: Authority[]
  readonly #authority: Authority
  readonly #world: World
  readonly #mailboxes = new Map<string, Mailbox>()

  constructor(world: World) {
    this.#world = world
    this.#authority = microsoftAuthority(world)
    this.authorities = [this.#authority]
    for (const site of outlookSites) {
      const store = world.stores.get(site.id)
      if (store) this.#mailboxes.set(site.id, new Mailbox(store))
    }
  }

  async answer(exchange: Exchange): Promise<Reply> {
    if (exchange.host === graphHost) return this.#graph(exchange)
    const token = await microsoftToken(this.#authority, exchange, this.#world)
    return (
      token ??
      (await microsoftPage(this.#authority, exchange)) ??
      html(404, '<h1>404 - File or directory not found.</h1>')
    )
  }

  conversationIndex(site: string, vendorId: string): number | undefined {
    return this.#mailboxes.get(site)?.ids.index(vendorId)
  }

  conversationId(site: string, index: number): string {
    return this.#mailboxes.get(site)?.ids.conversation(index) ?? ''
  }

  messageId(site: string, index: number, seq: number): string {
    return this.#mailboxes.get(site)?.ids.message(index, seq) ?? ''
  }

  #graph(exchange: Exchange): Reply {
    const bearer = this.#bearer(exchange)
    const path = exchange.url.pathname
    const person = /^\/v1\.0\/(?:me|users\/([^/]+))$/.exec(path)
    if (person && exchange.method === 'GET') return userAnswer(exchange, bearer, decodeURIComponent(person[1] ?? 'me'))
    const { match, pathKnown } = find(
      exchange.method,
      path.replace(/^\/v1\.0\/me\//, `/v1.0/users/${userId(bearer.user.email)}/`),
    )
    if (!match) throw pathKnown ? refuse.method() : refuse.noPath()
    const mailbox = this.#open(bearer, match.params.user ?? '')
    const { spec } = mailbox.store
    const spent = this.#world.limits.spend(spec.id, 'outlook.api')
    if (!spent.ok) return tooMany(Math.ceil(spent.resetMs / 1000))
    const { run, scope } = match.route.handler
    if (!bearer.scopes.includes(isShared(spec.id) ? `${scope}.Shared` : scope)) throw refuse.denied()
    return run({
      exchange,
      params: match.params,
      query: exchange.url.searchParams,
      mailbox,
      bearer,
      staff: spec.staff.findIndex((each) => each.email === bearer.user.email),
      prefer: String(exchange.headers.prefer ?? ''),
    })
  }

  /** The mailbox a path names, if the person may open it. @throws Refusal 403, 404 */
  #open(bearer: Bearer, named: string): Mailbox {
    const wanted = named.toLowerCase()
    const owner = this.#authority.spec.users.find(({ email }) => wanted === userId(email) || wanted === email)
    const site = outlookSites.find(({ id }) => id === wanted || (owner && !isShared(id) && id === owner.email))
    const mailbox = site && this.#mailboxes.get(site.id)
    if (!mailbox || !site) throw owner ? refuse.noMailbox() : refuse.noUser(named)
    if (tenantOf(bearer.user.email) !== tenantOf(site.id)) throw refuse.noUser(named)
    const may = isShared(site.id) ? bearer.user.sites.includes(site.id) : bearer.user.email === site.id
    if (!may) throw refuse.denied()
    return mailbox
  }

  #bearer(exchange: Exchange): Bearer {
    const given = /^Bearer (.+)$/i.exec(exchange.headers.authorization ?? '')?.[1]
    if (!given) throw refuse.noToken()
    const found = this.#authority.check(given)
    if (found.state !== 'live') throw refuse.badToken()
    return found
  }
}

/** GET /me and one's own entry. Other people's entries need a permission of the directory. @throws Refusal 403 */
function userAnswer(exchange: Exchange, bearer: Bearer, named: string): Reply {
  const { name, email } = bearer.user
  if (!['me', email, userId(email)].includes(named.toLowerCase())) throw refuse.directory()
  const wanted = exchange.url.searchParams.get('$select')
  const record = {
    id: userId(email),
    displayName: name,
    givenName: name.split(' ')[0],
    surname: name.split(' ').at(-1),
    mail: email,
    userPrincipalName: email,
    ...(wanted?.includes('proxyAddresses') ? { proxyAddresses: [`smtp:hei@${tenantOf(email)}`, `SMTP:${email}`] } : {}),
  }
  return json(200, {
    '@odata.context': 'https://graph.microsoft.com/v1.0/$metadata#users/$entity',
    ...select(record, wanted),
  })
}

/** Microsoft 365: the sign-in of the Microsoft identity platform, and Graph's mail. */
export const outlook: VendorSpec = {
  id: 'outlook',
  flow,
  hosts: [loginHost, graphHost],
  sites: outlookSites,
  clients: outlookClients,
  limits: { 'outlook.api': { max: 10_000, windowMs: 600_000 } },
  open: (world) => new OutlookServer(world),
}
