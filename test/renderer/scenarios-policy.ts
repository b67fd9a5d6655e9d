import { blankForm } from '../../renderer/state/connect-form.ts'
import type { Workspace } from '../../renderer/workspace.tsx'
import type { FakeBridge } from './fake-bridge.ts'
import type { FakeData } from './fake-data.ts'

type Scenario = (fake: FakeBridge, workspace: Workspace) => void

const reason = 'We moved to Zendesk in May.'
const rules: FakeData['policy']['rules'] = [
  { text: 'Helpdesks that can be connected: Zendesk, Gmail.', reason },
  { text: 'API keys are not allowed.', reason: 'They act as a person for ever.' },
  { text: 'Sites allowed at Zendesk: acme.zendesk.com, *.acme-outlet.example.', reason: null },
  { text: 'The OAuth client for acme.zendesk.com is provided by your organisation.', reason: null },
  {
    text: 'Conversations without a change for 90 days are taken off this computer. Drafts and what is not sent yet stay.',
    reason: 'We keep customer data for three months.',
  },
  { text: 'Traces of sign-ins, the audit log and the list of accounts cannot be saved as files.', reason: null },
]

/** Rules of an organisation that restricts much. */
export function manage({ data }: FakeBridge): void {
  data.policy = {
    ...data.policy,
    managed: true,
    contact: 'it@acme.example',
    rules,
    forbids: {
      export: 'Your organisation does not allow saving this as a file.',
      downloads: 'Your organisation does not allow saving attachments. Open them in the helpdesk.',
    },
  }
  data.vendors = data.vendors.map((vendor, at) =>
    at < 1
      ? { ...vendor, providedClients: ['*'], lockedClients: ['*'] }
      : { ...vendor, forbidden: `Your organisation does not allow ${vendor.name} on this workstation. ${reason}` },
  )
  const locked = 'Your organisation does not allow this account to be removed here. The whole team works with it.'
  data.accounts = data.accounts.map((account, at) => ({
    ...account,
    ...(at === 1 && { state: 'needs_sign_in' as const }),
    locked: { remove: locked, reconnect: locked.replace('removed', 'reconnected') },
  }))
}

const atAccounts: Scenario = (fake, { app }) => {
  manage(fake)
  app.getState().show('accounts')
}

/** A managed workstation, at each place where it shows. */
export const policyScenarios: Record<string, Scenario> = {
  'policy-broken': ({ data }) => {
    data.policy = {
      ...data.policy,
      managed: true,
      broken: [
        {
          file: '/etc/manydesk/policy.json',
          line: 12,
          column: 5,
          path: 'vendors.alowed',
          message: '"alowed" is not known here.',
        },
        {
          file: '/etc/manydesk/policy.json',
          line: null,
          column: null,
          path: '',
          message: 'Its signature does not fit: the file or the signature was changed.',
        },
      ],
    }
  },
  'policy-accounts': atAccounts,
  'policy-rules': (fake, workspace) => {
    atAccounts(fake, workspace)
    workspace.policy.getState().showRules(true)
  },
  'policy-vendors': (fake, { app }) => {
    manage(fake)
    app.getState().show('connect')
  },
  'policy-client': (fake, { app, connect }) => {
    manage(fake)
    const [vendor] = fake.data.vendors
    if (vendor === undefined) return
    connect.setState({
      step: {
        ...{ name: 'client', vendor, checking: false, siteError: null, sending: false, sendError: null },
        form: { ...blankForm(vendor), checked: { site: {}, siteLabel: 'acme.zendesk.com' } },
        showProblems: false,
      },
    })
    app.getState().show('connect')
  },
  'policy-attachments': (fake, { inbox }) => {
    manage(fake)
    const withFile = fake.data.threads.find(({ messages }) => messages.some((one) => one.attachments.length > 0))
    const stop = inbox.subscribe(({ phase }) => {
      if (phase !== 'ready' || withFile === undefined) return
      stop()
      inbox.getState().open(withFile.conversation.id)
    })
  },
}
