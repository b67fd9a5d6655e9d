import type {
  AccountHealth,
  AccountView,
  AppState,
  BrandView,
  ConversationStatus,
  Counts,
  CustomerRecord,
  DirectoryView,
  Draft,
  HandshakeView,
  LockState,
  MessageView,
  OutboxItem,
  PolicyView,
  ThreadView,
  TraceEntry,
  VendorView,
} from '../../preload/contract.ts'
import { createFakeAudit, type FakeAudit } from './fake-audit.ts'
import { handmade, subjects } from './fake-texts.ts'

/** Everything the fake main process holds. Tests and scenarios change it freely before or while the app runs. */
export interface FakeData {
  app: AppState
  policy: PolicyView
  vendors: VendorView[]
  brands: BrandView[]
  accounts: AccountView[]
  handshakes: HandshakeView[]
  health: AccountHealth[]
  lock: LockState
  threads: ThreadView[]
  directories: Record<string, DirectoryView>
  /** By conversation. */
  customerRecords: Record<string, CustomerRecord[]>
  /** Accounts that use a connector described by data, by its id. */
  connectorUse: Record<string, string[]>
  outbox: OutboxItem[]
  drafts: Draft[]
  audit: FakeAudit
  revision: number
  copied: string[]
  opened: string[]
}

const minute = 60_000
const day = 24 * 60 * minute
const active: readonly ConversationStatus[] = ['new', 'open', 'pending', 'on_hold']

export function createFakeData(now = Date.now()): FakeData {
  const brands = fakeBrands()
  const accounts = fakeAccounts(now)
  return {
    policy: {
      managed: false,
      contact: null,
      rules: [],
      broken: null,
      forbids: { export: null, downloads: null },
      appLock: null,
      updateChannel: null,
    },
    app: {
      version: '0.1.0',
      platform: 'linux',
      phase: 'ready',
      trouble: null,
      notices: [],
      protection: 'strong',
      sessionOnly: false,
      online: true,
      theme: 'system',
    },
    vendors: fakeVendors(),
    brands,
    accounts,
    handshakes: [],
    health: accounts.map((account) => fakeHealth(account.id, now)),
    lock: {
      phase: 'off',
      cold: false,
      recovering: false,
      waitUntil: null,
      idleMinutes: 10,
      withSystem: true,
      recovery: false,
      maxIdleMinutes: null,
      managed: false,
    },
    threads: [...handmade(now), ...fakeThreads(accounts, now, 420)].sort(
      (a, b) => b.conversation.updatedAt - a.conversation.updatedAt,
    ),
    customerRecords: {},
    connectorUse: { 'parcel-desk': ['a1'] },
    directories: Object.fromEntries(accounts.map((account) => [account.id, fakeDirectory(account)])),
    outbox: [],
    drafts: [],
    audit: createFakeAudit(),
    revision: 1,
    copied: [],
    opened: [],
  }
}

function fakeVendors(): VendorView[] {
  const scope = (id: string, reason: string, optional = false) => ({ id, reason, optional })
  const redirects: VendorView['redirects'] = [
    { kind: 'handover', url: 'https://signin.manydesk.example/done' },
    { kind: 'app', url: 'app.manydesk://oauth/callback' },
  ]
  const base = {
    ways: ['auth-window', 'system-browser'] as const,
    redirects,
    secretRequired: true,
    key: null,
    forbidden: null,
  }
  return [
    {
      ...base,
      ways: ['auth-window', 'system-browser'],
      id: 'zendesk',
      name: 'Zendesk',
      description: 'Tickets, mail, web forms and messaging of Zendesk Support.',
      siteFields: [
        {
          key: 'subdomain',
          label: 'Site',
          placeholder: 'acme',
          help: 'The name before .zendesk.com; a pasted link works too.',
          options: null,
          optional: false,
        },
      ],
      scopes: [
        scope('tickets:read', 'Read tickets and their messages'),
        scope('tickets:write', 'Reply, add notes and change tickets'),
        scope('users:read', 'Show who the customers and agents are'),
      ],
      registration: {
        url: 'https://support.zendesk.com/hc/en-us/articles/4408845965210',
        steps: [
          'Open the Admin Center and go to Apps and integrations, APIs, OAuth clients.',
          'Add a client named Manydesk of the kind "Confidential".',
          'Paste the redirect URL from below and save.',
          'Copy the identifier and the secret; the secret is shown only once.',
        ],
      },
      commands: ['reply', 'note', 'status', 'priority', 'assign', 'tags'],
      providedClients: ['northwind'],
    },
    {
      ...base,
      ways: ['auth-window', 'system-browser'],
      id: 'freshservice',
      name: 'Freshservice',
      description: 'Requests and incidents of a Freshservice help desk.',
      siteFields: [
        {
          key: 'domain',
          label: 'Site',
          placeholder: 'acme',
          help: 'The name before .freshservice.com.',
          options: null,
          optional: false,
        },
      ],
      scopes: [
        scope('freshservice.tickets.view', 'Read tickets'),
        scope('freshservice.tickets.edit', 'Reply and change tickets'),
        scope('freshservice.agents.view', 'Show the agents of your team', true),
      ],
      registration: {
        url: 'https://developers.freshworks.com/docs/guides/oauth/',
        steps: ['Create an app in the developer portal.', 'Paste the redirect URL.', 'Copy the client ID and secret.'],
      },
      commands: ['reply', 'note', 'status', 'priority', 'assign', 'tags'],
      providedClients: [],
    },
    {
      ...base,
      ways: ['auth-window', 'system-browser'],
      id: 'hubspot',
      name: 'HubSpot',
      description: 'Tickets and conversations of the HubSpot Service Hub.',
      siteFields: [],
      scopes: [
        scope('tickets', 'Read and change tickets'),
        scope('conversations.read', 'Read conversations'),
        scope('conversations.write', 'Reply in conversations'),
        scope('crm.objects.owners.read', 'Show the owners of tickets', true),
      ],
      registration: {
        url: 'https://developers.hubspot.com/docs/apps',
        steps: [
          'Create a public app in your developer account.',
          'Paste the redirect URL under Auth.',
          'Copy the client ID and secret.',
        ],
      },
      commands: ['reply', 'note', 'status', 'priority', 'assign'],
      providedClients: ['*'],
    },
  ]
}

function fakeBrands(): BrandView[] {
  const brand = (id: string, name: string, color: string, monogram: string, domain: string, position: number) => ({
    id,
    name,
    color,
    monogram,
    replyName: `${name} Support`,
    replyAddress: `help@${domain}`,
    signature: `Kind regards\nMara Lindqvist\n${name} Support`,
    position,
  })
  return [
    brand('northwind', 'Northwind Outdoor', '#0f766e', 'NO', 'northwind.example', 0),
    brand('lumen', 'Lumen Skincare', '#d6407f', 'LS', 'lumen.example', 1),
    brand('hauswerk', 'Hauswerk', '#e2711d', 'H', 'hauswerk.example', 2),
    brand('pixelpine', 'Pixel & Pine', '#5b5bd6', 'PP', 'pixelpine.example', 3),
  ]
}

function fakeAccounts(now: number): AccountView[] {
  const account = (change: Partial<AccountView> & Pick<AccountView, 'id' | 'vendor' | 'vendorName' | 'siteLabel'>) => ({
    brandId: null,
    user: { name: 'Mara Lindqvist', email: 'mara@desk.example', role: 'Agent', vendorUserId: 'agent-1' },
    state: 'connected' as const,
    trouble: null,
    way: 'auth-window' as const,
    redirect: 'handover' as const,
    scopes: [
      { id: 'tickets:read', reason: 'Read tickets and their messages', granted: true },
      { id: 'tickets:write', reason: 'Reply, add notes and change tickets', granted: true },
    ],
    accessExpiresAt: now + 24 * minute,
    refreshExpiresAt: now + 27 * day,
    connectedAt: now - 40 * day,
    lastSyncAt: now - 40_000,
    sync: { phase: 'idle' as const, conversations: 410, total: 410, waitUntil: null, quarantined: 0 },
    commands: ['reply', 'note', 'status', 'priority', 'assign', 'tags'] as AccountView['commands'],
    composes: false,
    repliesByMail: false,
    limits: [] as string[],
    vendorBrands: [],
    ...change,
  })
  return [
    account({ id: 'a1', vendor: 'zendesk', vendorName: 'Zendesk', siteLabel: 'northwind', brandId: 'northwind' }),
    account({ id: 'a2', vendor: 'zendesk', vendorName: 'Zendesk', siteLabel: 'lumen-skin', brandId: 'lumen' }),
    account({
      id: 'a3',
      vendor: 'freshservice',
      vendorName: 'Freshservice',
      siteLabel: 'hauswerk',
      brandId: 'hauswerk',
      user: { name: 'Mara Lindqvist', email: 'mara@hauswerk.example', role: 'Agent', vendorUserId: 'agent-1' },
    }),
    account({
      id: 'a4',
      vendor: 'freshservice',
      vendorName: 'Freshservice',
      siteLabel: 'hauswerk',
      brandId: 'hauswerk',
      user: { name: 'Service desk', email: 'desk@hauswerk.example', role: 'Admin', vendorUserId: 'agent-9' },
      sync: { phase: 'updating', conversations: 208, total: 208, waitUntil: null, quarantined: 2 },
    }),
    account({ id: 'a5', vendor: 'hubspot', vendorName: 'HubSpot', siteLabel: 'Pixel & Pine', brandId: 'pixelpine' }),
  ]
}

/** An account that is well; what is not is put over it. */
export function fakeHealth(accountId: string, now: number, change: Partial<AccountHealth> = {}): AccountHealth {
  const next = random([...accountId].reduce((sum, letter) => sum + letter.charCodeAt(0), 0))
  return {
    accountId,
    forecast: [],
    attention: false,
    notCurrent: null,
    lastSuccessAt: now - 40_000,
    lastError: null,
    renewable: true,
    nextRefreshAt: now + 18 * minute,
    rate: { left: 280, capacity: 350, limit: 700, windowMs: 60_000, waitUntil: null },
    calls: Array.from({ length: 24 }, (_, hour) => Math.round(60 + 40 * Math.sin(hour / 4) + 30 * next())),
    failedCalls: Array.from({ length: 24 }, () => 0),
    clockAheadMs: 120,
    secretExpiresAt: null,
    ...change,
  }
}

function fakeDirectory(account: AccountView): DirectoryView {
  const agents = ['Mara Lindqvist', 'Tom Okafor', 'Yuki Tanaka', 'Priya Raman', 'Jonas Weiß']
  return {
    agents: agents.map((name, index) => ({ vendorId: `agent-${index + 1}`, name, email: null, active: true })),
    groups: [{ vendorId: 'group-1', name: 'First line' }],
    statuses: [
      { id: '1', label: 'New', status: 'new', scope: null },
      { id: '2', label: 'Open', status: 'open', scope: null },
      {
        id: '3',
        label: account.vendor === 'zendesk' ? 'Pending' : 'Waiting for customer',
        status: 'pending',
        scope: null,
      },
      { id: '4', label: 'Solved', status: 'solved', scope: null },
    ],
    brands: [],
    macros: [
      {
        id: 'm1',
        name: 'Ask for the order number',
        commands: [
          {
            kind: 'reply',
            bodyText: 'Could you send us your order number?',
            bodyHtml: '<p>Could you send us your order number?</p>',
          },
          { kind: 'status', status: 'pending', vendorStatusId: '3' },
        ],
      },
    ],
  }
}

/** mulberry32: the same seed gives the same inbox. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

const people = [
  'Amelie Fournier',
  'Oliver Brandt',
  'Sofía Castellanos',
  'Noah Whitfield',
  'Ingrid Solheim',
  'Kenji Mori',
  'Fatima El-Sayed',
  'Lukas Baumgartner',
  'Chiara Ricci',
  'Ewan MacLeod',
  'Zuzanna Kowalczyk',
  'Mateus Almeida',
  '佐藤 美咲',
  'Gwendolyn Ashworth-Pemberton',
  'Hassan Qureshi',
  'Nora Lindgren',
  'Theo Papadakis',
  'Leah Abrams',
  'Dmitri Volkov',
  'Aoife Byrne',
]
const statuses: readonly ConversationStatus[] = [
  'open',
  'new',
  'pending',
  'open',
  'solved',
  'on_hold',
  'open',
  'closed',
  'solved',
]
const statusLabels: Record<ConversationStatus, string> = {
  new: 'New',
  open: 'Open',
  pending: 'Pending',
  on_hold: 'On hold',
  solved: 'Solved',
  closed: 'Closed',
}

function fakeThreads(accounts: readonly AccountView[], now: number, count: number): ThreadView[] {
  const next = random(7)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T
  let updatedAt = now - 26 * minute
  return Array.from({ length: count }, (_, index) => {
    const account = pick(accounts)
    const name = pick(people)
    const [subject, first, answer] = pick(subjects)
    const status = pick(statuses)
    const assignee = next() < 0.3 ? null : pick(['Mara Lindqvist', 'Tom Okafor', 'Yuki Tanaka'])
    updatedAt -= Math.floor(next() * next() * 150 * minute) + minute
    const answered = next() < 0.45
    const vendorId = String(48_210 - index)
    const id = `${account.id}:${vendorId}`
    const messages = [fakeMessage(`${id}/1`, name, 'customer', updatedAt - (answered ? 50 * minute : 0), first)]
    if (answered) messages.push(fakeMessage(`${id}/2`, assignee ?? 'Tom Okafor', 'agent', updatedAt, answer))
    return {
      loadedAt: now,
      messages,
      conversation: {
        id,
        accountId: account.id,
        vendorId,
        brandId: account.brandId,
        subject,
        preview: answered ? answer : first,
        status,
        vendorStatusLabel: statusLabels[status],
        priority: pick([null, 'normal', 'normal', 'high', 'low', 'urgent'] as const),
        channel: pick(['email', 'email', 'web', 'chat'] as const),
        customerName: name,
        customerEmail: `${name.split(' ')[0]?.toLowerCase()}@mail.example`,
        assigneeVendorId: assignee === null ? null : assignee === 'Mara Lindqvist' ? 'agent-1' : 'agent-2',
        assigneeName: assignee,
        tags: next() < 0.4 ? ['returns', 'eu'] : [],
        unread: !answered && active.includes(status) && next() < 0.3,
        sending: false,
        failed: false,
        hasDraft: next() < 0.03,
        createdAt: updatedAt - 2 * day,
        updatedAt,
        lastMessageBy: answered ? 'agent' : 'customer',
        dueAt: active.includes(status) && next() < 0.25 ? updatedAt + Math.floor(next() * day) : null,
        url: `https://${account.siteLabel}.example/tickets/${vendorId}`,
        brandKey: null,
        vendor: { 'Ticket form': 'Default', Satisfaction: 'Not offered' },
        customerPhone: null,
        commands: account.commands,
        statusScope: null,
      },
    }
  })
}

export function fakeMessage(
  id: string,
  authorName: string,
  authorRole: MessageView['authorRole'],
  createdAt: number,
  bodyText: string,
  change: Partial<MessageView> = {},
): MessageView {
  return {
    id,
    vendorId: id,
    kind: 'reply',
    direction: authorRole === 'customer' ? 'in' : 'out',
    authorName,
    authorEmail: null,
    authorRole,
    createdAt,
    bodyHtml: null,
    bodyText,
    attachments: [],
    delivery: null,
    ...change,
  }
}

export function countsOf(data: FakeData): Counts {
  const rows = data.threads.map((thread) => thread.conversation)
  const isOpen = (status: ConversationStatus) => active.includes(status)
  const count = (test: (row: (typeof rows)[number]) => boolean) => rows.filter(test).length
  return {
    revision: data.revision,
    total: {
      all: rows.length,
      unread: count((row) => row.unread),
      mine: count((row) => row.assigneeVendorId === 'agent-1' && isOpen(row.status)),
      unassigned: count((row) => row.assigneeVendorId === null && isOpen(row.status)),
    },
    byBrand: Object.fromEntries(
      data.brands.map(({ id }) => [
        id,
        {
          open: count((row) => row.brandId === id && isOpen(row.status)),
          unread: count((row) => row.brandId === id && row.unread),
        },
      ]),
    ),
    byAccount: Object.fromEntries(
      data.accounts.map(({ id }) => [
        id,
        {
          all: count((row) => row.accountId === id),
          open: count((row) => row.accountId === id && isOpen(row.status)),
          unread: count((row) => row.accountId === id && row.unread),
        },
      ]),
    ),
  }
}

/** A sign-in that ended with a wrong client secret, as its trace tells it. */
export function fakeTrace(): TraceEntry[] {
  const at = Date.now() - 14_000
  const blank = { method: null, url: null, sent: {}, status: null, received: {}, ms: null, error: null }
  return [
    { ...blank, at, kind: 'step', title: 'Wait for the person' },
    {
      ...blank,
      at: at + 20,
      kind: 'page',
      title: 'Show the sign-in page',
      method: 'GET',
      url: 'https://juniper-goods.zendesk.com/oauth/authorizations/new',
      sent: { response_type: 'code', scope: 'tickets:read tickets:write', state: '•••• (64 characters)' },
    },
    {
      ...blank,
      at: at + 9_400,
      kind: 'redirect',
      title: 'The answer came back',
      url: 'https://signin.manydesk.example/done',
      received: { code: '•••• (43 characters)', state: '•••• (64 characters)' },
    },
    {
      ...blank,
      at: at + 9_450,
      kind: 'request',
      title: 'Exchange the code for access',
      method: 'POST',
      url: 'https://juniper-goods.zendesk.com/oauth/tokens',
      sent: { grant_type: 'authorization_code', client_secret: '•••• (40 characters)' },
      status: 401,
      received: { error: 'invalid_client', error_description: 'Client authentication failed' },
      ms: 182,
    },
    { ...blank, at: at + 9_640, kind: 'step', title: 'Ended', error: 'client_rejected' },
  ]
}
