import type { AuditEntryView, AuditVerification, CallArgs, CallName, CallResult } from '../../preload/contract.ts'

export interface FakeAudit {
  /** Newest first. */
  entries: AuditEntryView[]
  verification: AuditVerification
}

const minute = 60_000

type Line = [AuditEntryView['group'], string, string, AuditEntryView['tone']]

const lines: Line[] = [
  ['account', 'account_connected', 'The account of Mara Lind at acme.zendesk.com was connected', 'good'],
  ['sign_in', 'handshake_ended', 'Mara Lind signed in to acme.zendesk.com by system browser', 'good'],
  ['sign_in', 'handshake_started', 'A sign-in to acme.zendesk.com began by system browser', 'quiet'],
  [
    'sign_in',
    'handshake_other_user',
    'Sign-in to acme.zendesk.com ended: another user answered (Jonas Keller instead of Mara Lind). Nothing was changed',
    'bad',
  ],
  [
    'sign_in',
    'refresh_failed',
    'The sign-in of Mara Lind at acme.zendesk.com could not be renewed yet: no answer came in time',
    'bad',
  ],
  ['export', 'exported', 'The trace of a sign-in was exported', 'quiet'],
  ['policy', 'policy_loaded', 'The policy of the organisation was loaded (no API keys)', 'quiet'],
  ['keys', 'app_key_new', 'A new key for everything saved here was made', 'quiet'],
  ['log', 'log_started', 'The audit log begins here', 'quiet'],
]

const actorOf = (group: AuditEntryView['group']) =>
  group === 'policy' ? 'policy' : group === 'keys' || group === 'log' ? 'workstation' : 'agent'

/** So many entries; the newest are those above. */
export function createFakeAudit(count = lines.length): FakeAudit {
  const now = Date.now()
  const entries = Array.from({ length: count }, (_, index): AuditEntryView => {
    const [group, kind, summary, tone] = lines[index % lines.length] ?? ['log', 'log_started', '', 'quiet']
    const seq = count - index
    return {
      ...{ id: `1.${seq}`, seq, at: now - index * 7 * minute, group, kind, actor: actorOf(group), summary, tone },
      account:
        group === 'account' ? { id: 'a1', vendor: 'zendesk', site: 'acme.zendesk.com', user: 'Mara Lind' } : null,
      sound: true,
    }
  })
  return { entries, verification: { state: 'intact', checked: count, unverifiable: 0, broken: null } }
}

type AuditCalls = Extract<CallName, `audit.${string}`>

export function fakeAuditHandlers(data: { audit: FakeAudit }): {
  [N in AuditCalls]: (args: CallArgs<N>) => CallResult<N>
} {
  return {
    'audit.list'({ groups, accountId, before, limit }) {
      const found = data.audit.entries.filter(
        ({ group, account }) =>
          (groups === undefined || groups.includes(group)) && (accountId === undefined || account?.id === accountId),
      )
      const from = before === undefined ? 0 : found.findIndex(({ id }) => id === before) + 1
      const entries = found.slice(from, from + limit)
      return { entries, next: from + limit < found.length ? (entries.at(-1)?.id ?? null) : null }
    },
    'audit.verify': () => data.audit.verification,
    'audit.export': () => ({ fileName: 'manydesk-audit-log.jsonl', folder: '/home/mara/Downloads' }),
  }
}
