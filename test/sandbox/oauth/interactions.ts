import type Provider from 'oidc-provider'
import type { UserEntry } from '../directory.ts'
import { type Exchange, formBody, html, type Reply, redirect } from '../exchange.ts'
import type { Troubles } from '../troubles.ts'
import { ask } from './ask.ts'
import type { AuthoritySpec } from './authority.ts'
import { consentPage, errorPage, loginPage, pickerPage } from './pages.ts'
import type { Passwords } from './passwords.ts'

type Details = Awaited<ReturnType<Provider['interactionDetails']>>

export interface InteractionParts {
  provider: Provider
  spec: AuthoritySpec
  passwords: Passwords
  troubles: Troubles
  choose(grantId: string, site: string): void
  /** The authorization request with that `state` as it came in, with what only this vendor knows. */
  asked(state: string): URLSearchParams | undefined
}

/** The pages between "Connect" and the way back: login, choice of the site, consent. */
export class Interactions {
  readonly #parts: InteractionParts

  constructor(parts: InteractionParts) {
    this.#parts = parts
  }

  async answer(exchange: Exchange): Promise<Reply> {
    const [, , uid = '', step = ''] = exchange.url.pathname.split('/')
    const action = `/signin/${uid}`
    const details = await this.#details(exchange)
    if (!details) {
      const detail = 'This sign-in has expired or was already finished. Start again in the app.'
      return html(400, errorPage(this.#parts.spec.style, { title: 'Sign-in expired', detail }))
    }
    if (exchange.method === 'GET') return this.#show(details, action, undefined)
    const form = formBody(exchange)
    const { troubles, spec } = this.#parts
    if (troubles.cookiesBlocked.has(spec.host)) {
      const detail = `Your browser does not accept the cookies of ${spec.host}. Allow them, then sign in again.`
      return html(400, errorPage(spec.style, { title: 'Cookies are blocked', detail }))
    }
    if (step === 'allow' && troubles.closedByAdmin.has(spec.host)) {
      const error_description = 'An administrator of this account has not approved this app.'
      return this.#finish(exchange, { error: 'access_denied', error_description })
    }
    switch (step) {
      case 'login':
        return this.#login(exchange, form, action)
      case 'choose':
        return this.#show(details, action, form.get('site') ?? undefined)
      case 'allow':
        return this.#allow(exchange, details, form)
      case 'deny':
        return this.#finish(exchange, { error: 'access_denied', error_description: 'The user denied access' })
      case 'switch':
        return this.#switch(details)
      default:
        return html(404, errorPage(this.#parts.spec.style, { title: 'Not found', detail: 'There is no such step.' }))
    }
  }

  async #details(exchange: Exchange): Promise<Details | undefined> {
    let found: Details | undefined
    await ask(exchange, async (request, response) => {
      found = await this.#parts.provider.interactionDetails(request, response).catch(() => undefined)
      response.end()
    })
    return found
  }

  #finish(exchange: Exchange, result: Parameters<Provider['interactionFinished']>[2]): Promise<Reply> {
    return ask(exchange, (request, response) => this.#parts.provider.interactionFinished(request, response, result))
  }

  #user(details: Details): UserEntry | undefined {
    return this.#parts.spec.users.find((user) => user.email === details.session?.accountId)
  }

  #show(details: Details, action: string, site: string | undefined): Reply {
    const { spec } = this.#parts
    const user = this.#user(details)
    if (details.prompt.name === 'login' || !user) {
      const hint = typeof details.params.login_hint === 'string' ? details.params.login_hint : ''
      return html(200, loginPage(spec.style, { action, email: hint, error: null }))
    }
    const sites = user.sites.map((id) => ({ id, name: spec.siteNames.get(id) ?? id }))
    const chosen = spec.picksSite ? sites.find((known) => known.id === site) : sites[0]
    if (!chosen) return html(200, pickerPage(spec.style, { action, email: user.email, sites }))
    const client = spec.clients.find((known) => known.clientId === details.params.client_id)
    const scopes = String(details.params.scope ?? '').split(' ')
    return html(
      200,
      consentPage(spec.style, {
        action,
        email: user.email,
        client: client?.name ?? 'This app',
        siteId: chosen.id,
        siteName: chosen.name,
        scopes: scopes.flatMap((scope) => (spec.granular?.includes(scope) ? [] : (spec.scopes[scope] ?? []))),
        boxes: scopes.flatMap((scope) =>
          spec.granular?.includes(scope) ? [{ scope, words: spec.scopes[scope] ?? scope }] : [],
        ),
        refusal: spec.refusesConsent(user),
      }),
    )
  }

  #login(exchange: Exchange, form: URLSearchParams, action: string): Promise<Reply> | Reply {
    const { spec, passwords } = this.#parts
    const email = (form.get('email') ?? '').trim().toLowerCase()
    if (!passwords.fits(spec.host, email, form.get('password') ?? '')) {
      return html(
        200,
        loginPage(spec.style, { action, email, error: 'That email and password do not match. Try again.' }),
      )
    }
    return this.#finish(exchange, { login: { accountId: email } })
  }

  async #allow(exchange: Exchange, details: Details, form: URLSearchParams): Promise<Reply> {
    const { provider, spec, choose } = this.#parts
    const site = form.get('site') ?? ''
    const user = this.#user(details)
    if (!user?.sites.includes(site) || spec.refusesConsent(user)) {
      return html(
        403,
        errorPage(spec.style, { title: 'Not allowed', detail: 'You cannot let apps into this account.' }),
      )
    }
    const grant = new provider.Grant({ accountId: user.email, clientId: String(details.params.client_id) })
    const asked = String(details.params.scope ?? '').split(' ')
    const withheld = asked.filter((scope) => spec.granular?.includes(scope) && form.get(`grant:${scope}`) !== 'on')
    grant.addOIDCScope(asked.filter((scope) => !withheld.includes(scope)).join(' '))
    if (withheld.length > 0) grant.rejectOIDCScope(withheld.join(' '))
    const grantId = await grant.save()
    choose(grantId, site)
    return this.#finish(exchange, { consent: { grantId } })
  }

  /** Ends the browser's session and starts the same request again, so that somebody else can sign in. */
  async #switch(details: Details): Promise<Reply> {
    const { provider, spec } = this.#parts
    const uid = details.session?.uid
    const session = uid ? await provider.Session.findByUid(uid) : undefined
    await session?.destroy()
    const query = new URLSearchParams(this.#parts.asked(String(details.params.state ?? '')))
    for (const [name, value] of Object.entries(details.params)) if (value !== undefined) query.set(name, String(value))
    return redirect(`${spec.paths.authorize}?${query}`)
  }
}
