import type { Accounts } from '../accounts/accounts.ts'
import type { Account } from '../accounts/model.ts'
import type { Audit, AuditAccount } from '../audit/model.ts'
import type { Connectors } from '../connectors/known-connectors.ts'
import { isRefusal } from '../oauth/grant-endings.ts'
import type { HandshakeView, Vault } from '../oauth/model.ts'
import type { Grants, RefreshListener } from '../oauth/refresh.ts'
import type { RevocationPorts } from '../oauth/revoke.ts'
import type { Enforcement } from '../policy/enforce.ts'
import type { PolicyMark } from '../policy/keeper.ts'
import { recordPolicy } from './audit-policy.ts'
import type { ServiceEvents, Services } from './services.ts'

interface AuditTrailOptions {
  audit: Audit
  accounts: Accounts
  connectors: Pick<Connectors, 'find' | 'onChange'>
  policy: Pick<Enforcement, 'forbiddenScopes'>
  /** The policy that holds now. */
  policyMark(): PolicyMark
  events: Pick<ServiceEvents, 'auditChanged'>
}

/** Listens to what services report and writes it down, so that they need not know that there is an audit log. */
export interface AuditTrail {
  /** The vault, with every client that is saved noted. */
  watch(vault: Vault): Vault
  onRevocation: NonNullable<RevocationPorts['onRevocation']>
  follow(services: Pick<Services, 'handshakes'> & { grants: Pick<Grants, 'onRefresh'> }): void
  policyChanged(): void
  secretReplaced(accountId: string): void
  close(): void
}

export function createAuditTrail(options: AuditTrailOptions): AuditTrail {
  const { audit, accounts, connectors, policy, policyMark, events } = options
  const stops: (() => void)[] = []
  /** Accounts as they were last; removed ones stay, because their revocation is told after they are gone. */
  const known = new Map<string, AuditAccount>()
  const savedClients = new Set<string>()
  for (const account of [...accounts.list(), ...accounts.removals()]) known.set(account.id, aboutOf(account))

  const forbiddenOf = ({ vendor, scopes }: Account): string => {
    const connector = connectors.find(vendor)
    return connector === null ? '' : policy.forbiddenScopes(connector, scopes).join(' ').slice(0, 2000)
  }
  const noteClient = (about: AuditAccount) => {
    if (about.id === null || !savedClients.delete(about.id)) return
    audit.record({ kind: 'client_saved', account: about })
  }
  /** What was told last of each account; what there is at the start was told before. */
  const forbidden = new Map(accounts.list().map((account) => [account.id, forbiddenOf(account)]))
  const noteForbidden = (account: Account) => {
    const scopes = forbiddenOf(account)
    if (scopes === (forbidden.get(account.id) ?? '')) return
    forbidden.set(account.id, scopes)
    if (scopes !== '') audit.record({ kind: 'scopes_forbidden', account: aboutOf(account), facts: { scopes } })
  }
  return {
    watch: (vault) => ({
      ...vault,
      async writeClient(accountId, client) {
        await vault.writeClient(accountId, client)
        // A new account comes only after its client; it is told with it.
        savedClients.add(accountId)
      },
    }),
    onRevocation({ accountId, vendor, site, user }, stage) {
      const own = known.get(accountId) ?? { id: accountId, vendor, site, user: null }
      const account = user === undefined ? own : { id: null, vendor, site, user }
      if (stage === 'asked') audit.record({ kind: 'revocation_asked', account })
      else if (stage === 'revoked') audit.record({ kind: 'revocation_done', account })
      else audit.record({ kind: 'revocation_failed', account, outcome: stage })
    },
    policyChanged() {
      recordPolicy(audit, policyMark())
      for (const account of accounts.list()) noteForbidden(account)
    },
    secretReplaced(accountId) {
      savedClients.delete(accountId)
      const about = known.get(accountId)
      if (about) audit.record({ kind: 'secret_replaced', account: about })
    },
    follow({ handshakes, grants }) {
      recordPolicy(audit, policyMark())
      stops.push(
        audit.onRecorded(events.auditChanged),
        followAccountList({ audit, accounts, known, noteClient, noteForbidden }),
        handshakes.onChange(followHandshakes(audit, accounts)),
        grants.onRefresh(followRefreshes(audit, known)),
        connectors.onChange((id) => {
          const kind = connectors.find(id) === null ? 'connector_removed' : 'connector_saved'
          audit.record({ kind, facts: { connector: id } })
        }),
      )
    },
    close() {
      for (const stop of stops) stop()
    },
  }
}

const aboutOf = ({ id, vendor, siteLabel, identity }: Account): AuditAccount => ({
  id,
  vendor,
  site: siteLabel,
  user: identity.name,
})

interface AccountListOptions {
  audit: Audit
  accounts: Accounts
  known: Map<string, AuditAccount>
  noteClient(about: AuditAccount): void
  noteForbidden(account: Account): void
}

/** Which accounts came, changed their state or went, from one list to the next. */
function followAccountList({ audit, accounts, known, noteClient, noteForbidden }: AccountListOptions): () => void {
  let before = new Map(accounts.list().map((account) => [account.id, account]))
  const noteConnected = (account: Account, former: Account | undefined) => {
    const about = aboutOf(account)
    if (former === undefined) audit.record({ kind: 'account_connected', account: about })
    else audit.record({ kind: account.way === 'key' ? 'key_changed' : 'account_reconnected', account: about })
    noteClient(about)
  }
  const noteState = (account: Account, former: Account) => {
    const about = aboutOf(account)
    if (account.state === 'paused') audit.record({ kind: 'account_paused', account: about })
    else if (former.state === 'paused') audit.record({ kind: 'account_resumed', account: about })
    else if (account.state === 'needs_sign_in') {
      audit.record({ kind: 'needs_sign_in', account: about, outcome: account.trouble?.code ?? 'needs_sign_in' })
    }
  }
  return accounts.onChange((list) => {
    const former = before
    before = new Map(list.map((account) => [account.id, account]))
    for (const account of list) {
      known.set(account.id, aboutOf(account))
      const was = former.get(account.id)
      if (was === undefined || was.connectedAt !== account.connectedAt) noteConnected(account, was)
      else if (was.state !== account.state) noteState(account, was)
      noteForbidden(account)
    }
    for (const [id, account] of former) {
      if (!before.has(id)) audit.record({ kind: 'account_removed', account: aboutOf(account) })
    }
  })
}

/** Where each sign-in began and how it ended. */
function followHandshakes(audit: Audit, accounts: Pick<Accounts, 'find'>): (view: HandshakeView) => void {
  const running = new Set<string>()
  return (view) => {
    const { attemptId, vendor, siteLabel, way, step, accountId } = view
    const owner = accountId === null ? null : accounts.find(accountId)
    const account = { id: accountId, vendor, site: siteLabel, user: owner?.identity.name ?? null }
    if (!running.has(attemptId)) {
      running.add(attemptId)
      audit.record({ kind: 'handshake_started', account, facts: { way, again: accountId !== null && step !== 'done' } })
    }
    if (step !== 'done' && step !== 'failed') return
    running.delete(attemptId)
    audit.record(otherIdentity(view, account, owner) ?? ended(view, account))
  }
}

function ended(view: HandshakeView, account: AuditAccount) {
  const answered = view.answeredBy?.name ?? null
  return {
    kind: 'handshake_ended' as const,
    account: { ...account, user: account.user ?? answered },
    outcome: view.error?.code ?? ('done' as const),
    facts: { way: view.way },
  }
}

/** Another user or another site than the account's: told as what it is. Null where that was not the matter. */
function otherIdentity(view: HandshakeView, account: AuditAccount, owner: Account | null) {
  const { answeredBy, error, way } = view
  if (answeredBy === undefined || owner === null) return null
  const { identity } = owner
  if (error?.code === 'handshake_other_site') {
    const facts = { way, expected: identity.siteKey, answered: answeredBy.siteKey }
    return { kind: 'handshake_other_site' as const, account, facts }
  }
  if (error?.code !== 'handshake_other_user') return null
  const facts = { way, expected: identity.name, answered: answeredBy.name }
  return { kind: 'handshake_other_user' as const, account, facts }
}

/** Trouble is told once until a renewal works again, and once more when it turns out to be final. */
function followRefreshes(audit: Audit, known: ReadonlyMap<string, AuditAccount>): RefreshListener {
  const down = new Map<string, 'for now' | 'for good'>()
  return (accountId, trouble) => {
    const account = known.get(accountId)
    if (trouble === null) down.delete(accountId)
    if (trouble === null || account === undefined) return
    const final = isRefusal(trouble)
    const now = final ? 'for good' : 'for now'
    if (down.get(accountId) === now || down.get(accountId) === 'for good') return
    down.set(accountId, now)
    if (trouble.code === 'token_reused') audit.record({ kind: 'token_reuse', account })
    else audit.record({ kind: 'refresh_failed', account, outcome: trouble.code, facts: { final } })
  }
}
