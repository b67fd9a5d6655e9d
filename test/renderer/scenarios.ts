import type { Workspace } from '../../renderer/workspace.tsx'
import { createFakeAudit } from './fake-audit.ts'
import type { FakeBridge } from './fake-bridge.ts'

type Scenario = (fake: FakeBridge, workspace: Workspace) => void

/** Opens a conversation once the list is there. */
const opening =
  (conversationId: string): Scenario =>
  (_fake, { inbox }) => {
    const stop = inbox.subscribe(({ phase }) => {
      if (phase !== 'ready') return
      stop()
      inbox.getState().open(conversationId)
    })
  }

/** Moments of the shell and the inbox worth looking at. */
export const scenarios: Record<string, Scenario> = {
  inbox: opening('a1:50117'),
  orders: (fake, workspace) => {
    const order = {
      vendorId: '1',
      url: 'https://admin.shopify.com/store/acme/orders/1',
      updatedAt: Date.now() - 3_600_000,
    }
    fake.data.customerRecords['a1:50117'] = [
      {
        accountId: 'a2',
        name: 'Lukas Müller',
        trouble: null,
        entries: [
          {
            ...order,
            subject: 'Order #1043: two tents, one sleeping bag',
            status: 'open',
            vendorStatusLabel: 'Paid, not sent',
          },
          { ...order, vendorId: '2', subject: 'Order #1009: stove', status: 'solved', vendorStatusLabel: 'Sent' },
        ],
      },
      {
        accountId: 'a3',
        name: null,
        trouble: {
          code: 'rate_limited',
          message: 'Shopify allows no further requests at the moment.',
          action: null,
          detail: null,
        },
        entries: [],
      },
    ]
    opening('a1:50117')(fake, workspace)
  },
  'two-dozen': (fake, workspace) => {
    const [model] = fake.data.accounts
    if (model === undefined) return
    const places = [
      ['zendesk', 'Zendesk', 'acme.zendesk.com', 'Mia Berg'],
      ['zendesk', 'Zendesk', 'acme.zendesk.com', 'Jonas Keller'],
      ['zendesk', 'Zendesk', 'nova-audio-deutschland.zendesk.com', 'Pia Lund'],
      ['freshservice', 'Freshservice', 'acme.freshservice.com', 'Tom Reuter'],
      ['freshservice', 'Freshservice', 'nova-desk.freshservice.com', 'Pia Lund'],
      ['freshdesk', 'Freshdesk', 'acme.freshdesk.com', 'Zoe Marsh'],
      ['freshchat', 'Freshchat', 'acme-chat.freshchat.com', 'Zoe Marsh'],
      ['freshsales', 'Freshsales', 'acme.myfreshworks.com', 'Zoe Marsh'],
      ['hubspot', 'HubSpot', 'app.hubspot.com', 'Inès Fournier'],
      ['hubspot', 'HubSpot', 'app.hubspot.com', 'Haruto Sato'],
      ['shopify', 'Shopify', 'tern-cycles.myshopify.com', 'Ada Quist'],
      ['shopify', 'Shopify', 'tidewater-ceramics.myshopify.com', 'Ada Quist'],
      ['gmail', 'Gmail', 'care@juniper-home.example', 'Care'],
      ['gmail', 'Gmail', 'care@tidewater-ceramics.example', 'Care'],
      ['outlook', 'Outlook', 'support@tern-cycles.example', 'Ada Quist'],
      ['outlook', 'Outlook', 'ada@tern-cycles.example', 'Ada Quist'],
      ['zoho-desk', 'Zoho Desk', 'desk.zoho.eu', 'Lea Brandt'],
      ['zoho-desk', 'Zoho Desk', 'desk.zoho.com', 'Lea Brandt'],
      ['apple-messages', 'Apple Messages for Business', 'msp-gateway.harbour-tea.example', 'Harbour Tea'],
    ] as const
    const vendors = fake.data.vendors
    for (const [id, name] of places) {
      const [template] = vendors
      if (template && !vendors.some((vendor) => vendor.id === id)) {
        vendors.push({ ...template, id, name, siteFields: id === 'gmail' ? [] : template.siteFields })
      }
    }
    fake.data.accounts = places.map(([vendor, vendorName, siteLabel, user], index) => ({
      ...model,
      id: `a${index + 1}`,
      vendor,
      vendorName,
      siteLabel,
      user: { ...model.user, name: user },
      state: index === 4 ? 'needs_sign_in' : index === 10 ? 'paused' : 'connected',
      sync: { ...model.sync, phase: index === 6 ? 'waiting' : 'idle' },
    }))
    opening('a1:50117')(fake, workspace)
  },
  list: () => undefined,
  lumen: opening('a2:18822'),
  german: opening('a3:7731'),
  long: opening('a5:991'),
  none: ({ data }) => Object.assign(data, { threads: [] }),
  'first-fill': ({ data }) => {
    data.threads = []
    data.accounts = data.accounts.map((account) => ({
      ...account,
      lastSyncAt: null,
      sync: { ...account.sync, phase: 'first-fill', conversations: 0, total: null },
    }))
  },
  search: (_fake, { inbox }) => inbox.getState().filter((filters) => ({ ...filters, text: 'unicorn' })),
  loading: (fake) => fake.hang('inbox.list'),
  'thread-loading': (fake, workspace) => {
    fake.hang('inbox.thread')
    opening('a1:50117')(fake, workspace)
  },
  'list-failed': (fake) =>
    fake.fail('inbox.list', {
      code: 'store_unavailable',
      message: 'The local copy of your conversations cannot be read right now.',
      action: 'Nothing is lost. Try again; if it stays, restart Manydesk.',
      detail: 'store worker: SQLITE_BUSY: database is locked',
    }),
  offline: (fake, workspace) => {
    fake.data.app.online = false
    const error = {
      code: 'offline' as const,
      message: 'This computer is offline.',
      action: 'Messages are brought up to date as soon as it is online.',
      detail: null,
    }
    fake.fail('inbox.refreshThread', error)
    opening('a1:50117')(fake, workspace)
  },
  attention: (fake, workspace) => {
    const first = fake.data.accounts[0]
    if (first) {
      first.state = 'needs_sign_in'
      first.trouble = {
        code: 'needs_sign_in',
        message: 'Zendesk asks you to sign in to northwind again.',
        action: 'Sign in. What is stored here stays readable until then.',
        detail: 'invalid_grant at https://northwind.zendesk.com/oauth/tokens',
      }
    }
    fake.data.app.notices = [
      {
        code: 'settings_damaged',
        message: 'The file with your window settings was damaged and set aside.',
        action: 'Accounts and conversations are not affected.',
        detail: 'settings.json: Unexpected token } in JSON at position 120',
      },
    ]
    opening('a1:50117')(fake, workspace)
  },
  outbox: (fake, workspace) => {
    const { bridge, data } = fake
    const send = (conversationId: string, bodyText: string) =>
      bridge.outbox.send({ conversationId, commands: [{ kind: 'reply', bodyText, bodyHtml: `<p>${bodyText}</p>` }] })
    void send('a1:50117', 'Please keep the wrong poles, there is no need to send them back.').then(async () => {
      await send('a1:50117', 'Your parcel is on its way, it should be with you on Friday before noon.')
      const error = {
        code: 'vendor_rejected' as const,
        message: 'Zendesk did not accept this reply: the ticket was merged into #50120.',
        action: 'Copy your text and answer in the other ticket, or try again.',
        detail: 'HTTP 422 RecordInvalid',
      }
      data.outbox = data.outbox.map((item, index) => (index === 0 ? { ...item, state: 'failed', error } : item))
      const message = data.threads[0]?.messages.find(({ delivery }) => delivery !== null)
      if (message?.delivery) message.delivery = { ...message.delivery, state: 'failed', error }
      opening('a1:50117')(fake, workspace)
    })
  },
  keyring: ({ data }) => {
    data.app.phase = 'keyring'
    data.app.protection = 'weak'
    data.app.trouble = {
      code: 'keyring_weak',
      message: 'This computer cannot protect your sign-ins.',
      action: 'Unlock or install a keyring (GNOME Keyring or KWallet) and try again, or go on for this session only.',
      detail: 'safeStorage backend: basic_text',
    }
  },
  locked: ({ data }) => {
    data.app.phase = 'keyring'
    data.app.trouble = {
      code: 'keyring_locked',
      message: 'Your keyring is locked.',
      action: 'Unlock it and Manydesk goes on by itself.',
      detail: 'safeStorage: temporarily unavailable',
    }
  },
  damaged: ({ data }) => {
    data.app.phase = 'store'
    data.app.trouble = {
      code: 'store_damaged',
      message: 'The local copy of your conversations is damaged.',
      action: 'Start a new copy: it fills again from your helpdesks. The damaged file is set aside, not deleted.',
      detail: 'SQLITE_CORRUPT: database disk image is malformed (quick_check)',
    }
  },
  newer: ({ data }) => {
    data.app.phase = 'store'
    data.app.trouble = {
      code: 'store_newer',
      message: 'The local copy was made by a newer Manydesk.',
      action: 'Update Manydesk and start it again. Nothing was changed.',
      detail: 'user_version 40, known 20',
    }
  },
  shortcuts: (fake, workspace) => {
    workspace.app.getState().showShortcuts(true)
    opening('a1:50117')(fake, workspace)
  },
  welcome: ({ data }) => Object.assign(data, { accounts: [], brands: [], threads: [] }),
  'connect-kinds': ({ data }, { app }) => {
    const [first] = data.vendors
    if (first === undefined) return
    const key = { label: 'Shared secret', help: 'From the provider.', note: 'It works as the provider.' }
    data.vendors.push(
      { ...first, id: 'apple', name: 'Apple Messages for Business', key, providedClients: [] },
      { ...first, id: 'freshdesk', name: 'Freshdesk', key, providedClients: [] },
      { ...first, id: 'other', name: 'Otherdesk', forbidden: 'Your organisation does not allow Otherdesk.' },
    )
    app.getState().show('connect')
  },
  connect: (_fake, { app }) => app.getState().show('connect'),
  accounts: (_fake, { app }) => app.getState().show('accounts'),
  audit: ({ data }, { app }) => {
    data.audit = createFakeAudit(400)
    app.getState().show('accounts', 'audit')
  },
  'audit-broken': ({ data }, { app }) => {
    data.audit.verification = {
      state: 'broken',
      checked: 6,
      unverifiable: 0,
      broken: { seq: 7, message: 'Entries are missing, doubled or in another order.' },
    }
    const [first] = data.audit.entries
    if (first) first.sound = false
    app.getState().show('accounts', 'audit')
  },
  'audit-session': ({ data }, { app }) => {
    data.audit.verification = { state: 'memory', checked: 9, unverifiable: 0, broken: null }
    app.getState().show('accounts', 'audit')
  },
  'audit-loading': (fake, { app }) => {
    fake.hang('audit.list')
    app.getState().show('accounts', 'audit')
  },
  'audit-empty': ({ data }, { app }) => {
    data.audit = { entries: [], verification: { state: 'intact', checked: 0, unverifiable: 0, broken: null } }
    app.getState().show('accounts', 'audit')
  },
  'audit-failed': (fake, { app }) => {
    const error = {
      code: 'file_failed' as const,
      message: 'The audit log cannot be read right now.',
      action: 'Try again.',
      detail: 'EACCES',
    }
    fake.fail('audit.list', error)
    fake.fail('audit.verify', error)
    app.getState().show('accounts', 'audit')
  },
}
