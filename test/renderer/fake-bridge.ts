/**
 * The main process as the renderer sees it, in memory: believable data, a latency, and calls that can be made to fail.
 * Component tests and the dev page run on it; the product never does.
 */
import type {
  AccountView,
  Answer,
  Bridge,
  CallArgs,
  CallName,
  CallResult,
  EventName,
  EventValue,
  OutboxItem,
  SignInWay,
} from '../../preload/contract.ts'
import type { ErrorShape } from '../../preload/errors.ts'
import { fakeAuditHandlers } from './fake-audit.ts'
import { createFakeConnectors } from './fake-connectors.ts'
import { countsOf, createFakeData, type FakeData, fakeTrace } from './fake-data.ts'
import { createFakeDoctor } from './fake-doctor.ts'
import { createFakeLock } from './fake-lock.ts'
import { createFakeMoving } from './fake-moving.ts'

export interface FakeBridge {
  bridge: Bridge
  data: FakeData
  emit<N extends EventName>(name: N, value: EventValue<N>): void
  /** Says that rows or threads changed; null when it was many. */
  changed(conversationIds?: string[] | null): void
  /** Makes a call fail until `heal`. */
  fail(name: CallName, error: ErrorShape): void
  heal(name: CallName): void
  /** Never answers this call. */
  hang(name: CallName): void
  /** Arguments of every call so far, oldest first. */
  callsOf<N extends CallName>(name: N): CallArgs<N>[]
}

type Handlers = { [N in CallName]: (args: CallArgs<N>) => CallResult<N> }

export function createFakeBridge({ latency = 0, data = createFakeData() }: { latency?: number; data?: FakeData } = {}) {
  const failures = new Map<CallName, ErrorShape>()
  const hanging = new Set<CallName>()
  const seen: { name: CallName; args: unknown }[] = []
  const listeners = new Map<EventName, Set<(value: never) => void>>()
  const emit: FakeBridge['emit'] = (name, value) => {
    for (const listener of listeners.get(name) ?? []) (listener as (value: unknown) => void)(value)
  }
  const changed: FakeBridge['changed'] = (conversationIds = null) => {
    data.revision += 1
    emit('inbox.changed', { revision: data.revision, accountIds: data.accounts.map(({ id }) => id), conversationIds })
  }
  const handlers = createHandlers(data, emit, changed)

  const call =
    <N extends CallName>(name: N) =>
    async (args?: CallArgs<N>): Promise<Answer<CallResult<N>>> => {
      seen.push({ name, args })
      if (latency > 0) await new Promise((resolve) => setTimeout(resolve, latency))
      if (hanging.has(name)) return new Promise(() => undefined)
      const error = failures.get(name)
      if (error !== undefined) return { ok: false, error }
      return { ok: true, value: structuredClone(handlers[name](args as CallArgs<N>)) as CallResult<N> }
    }

  const bridge = {
    app: {
      state: call('app.state'),
      setTheme: call('app.setTheme'),
      continueForThisSession: call('app.continueForThisSession'),
      retry: call('app.retry'),
      rebuildStore: call('app.rebuildStore'),
      openLink: call('app.openLink'),
      copy: call('app.copy'),
      showLogFile: call('app.showLogFile'),
    },
    policy: { state: call('policy.state'), retry: call('policy.retry') },
    vendors: { list: call('vendors.list'), checkSite: call('vendors.checkSite') },
    brands: {
      list: call('brands.list'),
      save: call('brands.save'),
      remove: call('brands.remove'),
      reorder: call('brands.reorder'),
    },
    accounts: {
      list: call('accounts.list'),
      connect: call('accounts.connect'),
      reconnect: call('accounts.reconnect'),
      replaceSecret: call('accounts.replaceSecret'),
      handshakes: call('accounts.handshakes'),
      cancelHandshake: call('accounts.cancelHandshake'),
      showHandshake: call('accounts.showHandshake'),
      trace: call('accounts.trace'),
      saveTrace: call('accounts.saveTrace'),
      setBrand: call('accounts.setBrand'),
      setRouting: call('accounts.setRouting'),
      pause: call('accounts.pause'),
      resume: call('accounts.resume'),
      syncNow: call('accounts.syncNow'),
      remove: call('accounts.remove'),
      signOutEverywhere: call('accounts.signOutEverywhere'),
    },
    inbox: {
      list: call('inbox.list'),
      counts: call('inbox.counts'),
      thread: call('inbox.thread'),
      refreshThread: call('inbox.refreshThread'),
      setRead: call('inbox.setRead'),
      directory: call('inbox.directory'),
      applyMacro: call('inbox.applyMacro'),
      customer: call('inbox.customer'),
      download: call('inbox.download'),
    },
    lock: {
      state: call('lock.state'),
      unlock: call('lock.unlock'),
      enable: call('lock.enable'),
      change: call('lock.change'),
      disable: call('lock.disable'),
      configure: call('lock.configure'),
      now: call('lock.now'),
      startOver: call('lock.startOver'),
    },
    moving: {
      export: call('moving.export'),
      preview: call('moving.preview'),
      import: call('moving.import'),
    },
    health: { list: call('health.list'), setSecretExpiry: call('health.setSecretExpiry') },
    connectors: {
      list: call('connectors.list'),
      check: call('connectors.check'),
      discover: call('connectors.discover'),
      save: call('connectors.save'),
      remove: call('connectors.remove'),
      try: call('connectors.try'),
      importFreshworks: call('connectors.importFreshworks'),
    },
    doctor: {
      start: call('doctor.start'),
      cancel: call('doctor.cancel'),
      run: call('doctor.run'),
      trace: call('doctor.trace'),
      saveTrace: call('doctor.saveTrace'),
    },
    audit: { list: call('audit.list'), verify: call('audit.verify'), export: call('audit.export') },
    drafts: { get: call('drafts.get'), save: call('drafts.save') },
    outbox: {
      send: call('outbox.send'),
      compose: call('outbox.compose'),
      list: call('outbox.list'),
      retry: call('outbox.retry'),
      discard: call('outbox.discard'),
    },
    on: (name, listener) => {
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set)
      set.add(listener as (value: never) => void)
      return () => void set.delete(listener as (value: never) => void)
    },
  } satisfies Bridge

  return {
    bridge,
    data,
    emit,
    changed,
    fail: (name, error) => void failures.set(name, error),
    heal: (name) => {
      failures.delete(name)
      hanging.delete(name)
    },
    hang: (name) => void hanging.add(name),
    callsOf: <N extends CallName>(name: N) =>
      seen.filter((entry) => entry.name === name).map((entry) => entry.args as CallArgs<N>),
  } satisfies FakeBridge as FakeBridge
}

function createHandlers(data: FakeData, emit: FakeBridge['emit'], changed: FakeBridge['changed']): Handlers {
  return {
    ...appHandlers(data, emit),
    ...accountHandlers(data, emit, changed),
    ...inboxHandlers(data, changed),
    ...outboxHandlers(data, emit, changed),
    ...createFakeConnectors(data),
    ...createFakeDoctor(),
    ...healthHandlers(data, emit),
    ...fakeAuditHandlers(data),
    ...createFakeMoving(data, emit),
    ...createFakeLock(data, emit),
  }
}

type Some<Noun extends string> = Pick<Handlers, Extract<CallName, `${Noun}.${string}`>>

function appHandlers(data: FakeData, emit: FakeBridge['emit']): Some<'app' | 'vendors' | 'policy'> {
  const become = (change: Partial<FakeData['app']>) => {
    data.app = { ...data.app, ...change }
    emit('app.changed', data.app)
  }
  return {
    'app.state': () => data.app,
    'app.setTheme': ({ theme }) => become({ theme }),
    'app.continueForThisSession': () => become({ phase: 'ready', trouble: null, sessionOnly: true }),
    'app.retry': () => become({ phase: 'ready', trouble: null }),
    'app.rebuildStore': () => become({ phase: 'ready', trouble: null }),
    'app.openLink': ({ url }) => void data.opened.push(url),
    'app.copy': ({ text }) => void data.copied.push(text),
    'app.showLogFile': () => undefined,
    'policy.state': () => data.policy,
    'policy.retry': () => data.policy,
    'vendors.list': () => data.vendors,
    'vendors.checkSite': ({ site }) => {
      const plain = Object.fromEntries(
        Object.entries(site).map(([key, value]) => [key, value.replace(/^https?:\/\//, '').split(/[./]/)[0] ?? '']),
      )
      return { site: plain, siteLabel: Object.values(plain)[0] ?? 'HubSpot' }
    },
  }
}

function accountHandlers(
  data: FakeData,
  emit: FakeBridge['emit'],
  changed: FakeBridge['changed'],
): Some<'brands' | 'accounts'> {
  const update = (id: string, change: (account: FakeData['accounts'][number]) => FakeData['accounts'][number]) => {
    data.accounts = data.accounts.map((account) => (account.id === id ? change(account) : account))
    emit('accounts.changed', data.accounts)
  }
  const begin = (vendor: string, siteLabel: string, way: SignInWay) => {
    const now = Date.now()
    const attemptId = `attempt-${data.handshakes.length + 1}`
    const handshake: FakeData['handshakes'][number] = {
      attemptId,
      vendor,
      siteLabel,
      way,
      step: 'waiting',
      accountId: null,
      error: null,
      device: null,
      next: null,
      startedAt: now,
      expiresAt: now + 600_000,
    }
    data.handshakes = [...data.handshakes, handshake]
    emit('handshake.changed', handshake)
    return handshake
  }
  return {
    'brands.list': () => data.brands,
    'brands.save': ({ id, ...fields }) => {
      const old = data.brands.find((brand) => brand.id === id)
      const brand = {
        ...fields,
        id: id ?? `brand-${data.brands.length + 1}`,
        position: old?.position ?? data.brands.length,
      }
      data.brands = old ? data.brands.map((other) => (other.id === id ? brand : other)) : [...data.brands, brand]
      emit('brands.changed', data.brands)
      return brand
    },
    'brands.remove': ({ id }) => {
      data.brands = data.brands.filter((brand) => brand.id !== id)
      emit('brands.changed', data.brands)
    },
    'brands.reorder': ({ ids }) => {
      data.brands = ids.flatMap((id, position) => {
        const brand = data.brands.find((other) => other.id === id)
        return brand === undefined ? [] : [{ ...brand, position }]
      })
      emit('brands.changed', data.brands)
    },
    'accounts.list': () => data.accounts,
    'accounts.handshakes': () => data.handshakes,
    'accounts.connect': ({ vendor, site, way }) => begin(vendor, Object.values(site)[0] ?? 'HubSpot', way),
    'accounts.reconnect': ({ accountId, way }) => {
      const account = data.accounts.find(({ id }) => id === accountId)
      return begin(account?.vendor ?? '', account?.siteLabel ?? '', way ?? 'auth-window')
    },
    'accounts.replaceSecret': () => ({ accounts: 1 }),
    'accounts.cancelHandshake': ({ attemptId }) => {
      data.handshakes = data.handshakes.filter((handshake) => handshake.attemptId !== attemptId)
    },
    'accounts.showHandshake': () => undefined,
    'accounts.trace': () => fakeTrace(),
    'accounts.saveTrace': () => ({ fileName: 'manydesk-sign-in.har', folder: '/home/mara/Downloads' }),
    'accounts.setBrand': ({ accountId, brandId }) => {
      update(accountId, (account) => ({ ...account, brandId }))
      changed()
    },
    'accounts.setRouting': ({ accountId, key, brandId }) =>
      update(accountId, (account) => ({
        ...account,
        vendorBrands: account.vendorBrands.map((brand) => (brand.key === key ? { ...brand, brandId } : brand)),
      })),
    'accounts.pause': ({ accountId }) => update(accountId, (account) => ({ ...account, state: 'paused' })),
    'accounts.resume': ({ accountId }) => update(accountId, (account) => ({ ...account, state: 'connected' })),
    'accounts.syncNow': () => undefined,
    'accounts.remove': ({ accountId }) => {
      data.accounts = data.accounts.filter(({ id }) => id !== accountId)
      emit('accounts.changed', data.accounts)
      return { revoked: 'revoked' }
    },
    'accounts.signOutEverywhere': () => {
      const isKept = ({ locked }: AccountView) => Boolean(locked?.remove ?? locked?.reconnect)
      const results = data.accounts.map((account, index) => ({
        accountId: account.id,
        revoked: isKept(account) ? ('locked' as const) : index === 0 ? ('revoked' as const) : ('not_offered' as const),
        deleted: !isKept(account),
      }))
      data.accounts = data.accounts.map((account) =>
        isKept(account) ? account : { ...account, state: 'needs_sign_in' },
      )
      emit('accounts.changed', data.accounts)
      return results
    },
  }
}

function healthHandlers(data: FakeData, emit: FakeBridge['emit']): Some<'health'> {
  return {
    'health.list': () => data.health,
    'health.setSecretExpiry': ({ accountId, at }) => {
      data.health = data.health.map((each) => (each.accountId === accountId ? { ...each, secretExpiresAt: at } : each))
      emit('health.changed', data.health)
    },
  }
}

function inboxHandlers(data: FakeData, changed: FakeBridge['changed']): Some<'inbox' | 'drafts'> {
  return {
    'inbox.list': (query) => {
      const found = data.threads
        .map((thread) => thread.conversation)
        .filter(
          (row) =>
            (query.brandId === undefined || row.brandId === query.brandId) &&
            (query.accountId === undefined || row.accountId === query.accountId) &&
            (query.statuses === undefined || query.statuses.includes(row.status)) &&
            (query.assignee !== 'me' || row.assigneeVendorId === 'agent-1') &&
            (query.assignee !== 'none' || row.assigneeVendorId === null) &&
            (!query.unreadOnly || row.unread) &&
            (query.text === undefined ||
              `${row.subject} ${row.customerName} ${row.preview}`.toLowerCase().includes(query.text.toLowerCase())),
        )
        .sort((a, b) => b.updatedAt - a.updatedAt || b.id.localeCompare(a.id))
      const from =
        query.after === undefined ? 0 : found.findIndex((row) => `${row.updatedAt}/${row.id}` === query.after) + 1
      const rows = found.slice(from, from + query.limit)
      const last = rows.at(-1)
      const next = last !== undefined && from + query.limit < found.length ? `${last.updatedAt}/${last.id}` : null
      return { rows, next, revision: data.revision }
    },
    'inbox.counts': () => countsOf(data),
    'inbox.thread': ({ conversationId }) => ableThread(data, conversationId),
    'inbox.refreshThread': () => undefined,
    'inbox.setRead': ({ conversationIds, read }) => {
      for (const { conversation } of data.threads) {
        if (conversationIds.includes(conversation.id)) conversation.unread = !read
      }
      changed(conversationIds)
    },
    'inbox.directory': ({ accountId }) =>
      data.directories[accountId] ?? { agents: [], groups: [], statuses: [], brands: [], macros: [] },
    'inbox.applyMacro': ({ conversationId, macroId }) => {
      const [accountId = ''] = conversationId.split(':')
      return data.directories[accountId]?.macros.find(({ id }) => id === macroId)?.commands ?? []
    },
    'inbox.customer': ({ conversationId }) => data.customerRecords[conversationId] ?? [],
    'inbox.download': () => ({ fileName: 'label-on-the-bag.jpg', folder: '/home/mara/Downloads' }),
    'drafts.get': ({ conversationId }) => data.drafts.find((draft) => draft.conversationId === conversationId) ?? null,
    'drafts.save': (draft) => {
      const others = data.drafts.filter(({ conversationId }) => conversationId !== draft.conversationId)
      data.drafts = draft.bodyText === '' ? others : [...others, { ...draft, updatedAt: Date.now() }]
    },
  }
}

/** As main answers: a conversation can do at most what its account can do. */
function ableThread(data: FakeData, conversationId: string): FakeData['threads'][number] | null {
  const thread = data.threads.find(({ conversation }) => conversation.id === conversationId)
  if (thread === undefined) return null
  const account = data.accounts.find(({ id }) => id === thread.conversation.accountId)
  const commands = thread.conversation.commands.filter((kind) => account?.commands.includes(kind))
  return { ...thread, conversation: { ...thread.conversation, commands } }
}

function outboxHandlers(data: FakeData, emit: FakeBridge['emit'], changed: FakeBridge['changed']): Some<'outbox'> {
  const setOutbox = (outbox: OutboxItem[]) => {
    data.outbox = outbox
    emit('outbox.changed', outbox)
  }
  return {
    'outbox.list': () => data.outbox,
    'outbox.retry': ({ id }) =>
      setOutbox(data.outbox.map((item) => (item.id === id ? { ...item, state: 'queued', error: null } : item))),
    'outbox.discard': ({ id }) => {
      for (const thread of data.threads) {
        thread.messages = thread.messages.filter((message) => message.delivery?.commandId !== id)
      }
      setOutbox(data.outbox.filter((item) => item.id !== id))
      changed()
    },
    'outbox.compose': ({ conversationId, accountId, message }) => {
      const thread = data.threads.find(({ conversation }) => conversation.id === conversationId)
      if (thread === undefined) throw new Error('no such conversation')
      const item = { ...toItem(thread.conversation, message, data.outbox.length), accountId }
      apply(thread, item, data)
      setOutbox([...data.outbox, item])
      changed([conversationId])
      return item
    },
    'outbox.send': ({ conversationId, commands }) => {
      const thread = data.threads.find(({ conversation }) => conversation.id === conversationId)
      if (thread === undefined) return []
      const items = commands.map((command, index) => toItem(thread.conversation, command, data.outbox.length + index))
      for (const item of items) apply(thread, item, data)
      setOutbox([...data.outbox, ...items])
      changed([conversationId])
      return items
    },
  }
}

function toItem(
  row: FakeData['threads'][number]['conversation'],
  command: OutboxItem['command'],
  index: number,
): OutboxItem {
  return {
    id: `command-${index + 1}`,
    conversationId: row.id,
    accountId: row.accountId,
    command,
    state: 'queued',
    attempts: 0,
    createdAt: Date.now(),
    sentAt: null,
    notBefore: 0,
    error: null,
    subject: row.subject,
    customerName: row.customerName,
  }
}

function apply(thread: FakeData['threads'][number], { id, command, createdAt }: OutboxItem, data: FakeData): void {
  const row = thread.conversation
  switch (command.kind) {
    case 'reply':
    case 'note':
    case 'compose':
      thread.messages.push({
        id,
        vendorId: null,
        kind: command.kind === 'note' ? 'note' : 'reply',
        direction: 'out',
        authorName: 'Mara Lindqvist',
        authorEmail: null,
        authorRole: 'agent',
        createdAt,
        bodyHtml: command.bodyHtml,
        bodyText: command.bodyText,
        attachments: [],
        delivery: { commandId: id, state: 'queued', error: null },
      })
      row.updatedAt = createdAt
      row.preview = command.bodyText
      return
    case 'status':
      row.status = command.status
      row.vendorStatusLabel = command.status
      return
    case 'priority':
      row.priority = command.priority
      return
    case 'assign': {
      const agents = data.directories[row.accountId]?.agents ?? []
      row.assigneeVendorId = command.assigneeVendorId
      row.assigneeName = agents.find(({ vendorId }) => vendorId === command.assigneeVendorId)?.name ?? null
      return
    }
    case 'tags':
      row.tags = [...row.tags.filter((tag) => !command.remove.includes(tag)), ...command.add]
  }
}
