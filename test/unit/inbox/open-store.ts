import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Conversation, Message, Page, Thread } from '../../../main/connectors/model.ts'
import type { LocalStore, StoreAccount } from '../../../main/inbox/model.ts'
import { openStore } from '../../../main/inbox/store.ts'

export const workerUrl = new URL('../../../main/inbox/store-worker.ts', import.meta.url)

export interface OpenedStore {
  store: LocalStore
  file: string
  key: Uint8Array
  /** Closes and opens the same file. */
  reopen(): Promise<LocalStore>
}

/** A real store in a folder of its own, closed and removed after the test. */
export async function openTestStore(): Promise<OpenedStore> {
  const folder = mkdtempSync(join(tmpdir(), 'manydesk-store-'))
  const file = join(folder, 'inbox.db')
  const key = randomBytes(32)
  const opened: OpenedStore = {
    file,
    key,
    store: await openStore({ workerUrl, file, key }),
    async reopen() {
      await opened.store.close()
      opened.store = await openStore({ workerUrl, file, key })
      return opened.store
    },
  }
  onTestFinished(async () => {
    await opened.store.close().catch(() => undefined)
    rmSync(folder, { recursive: true, force: true })
  })
  return opened
}

export const acme: StoreAccount = { accountId: 'acme', brandId: 'brand-a', routing: {}, vendorUserId: 'me' }

export const noon = Date.UTC(2026, 10, 20, 12)

export function conversation(vendorId: string, changes: Partial<Conversation> = {}): Conversation {
  const updatedAt = changes.updatedAt ?? noon
  return {
    vendorId,
    version: updatedAt,
    subject: `Subject ${vendorId}`,
    preview: `Preview ${vendorId}`,
    status: 'open',
    vendorStatus: { id: '2', label: 'Open' },
    priority: null,
    channel: 'email',
    customer: { vendorId: 'c1', name: 'Ada Example', email: 'ada@mail.example', phone: null },
    assigneeVendorId: null,
    groupVendorId: null,
    tags: [],
    brandKey: null,
    createdAt: updatedAt - 1000,
    lastMessageBy: 'customer',
    dueAt: null,
    url: `https://acme.vendor.example/${vendorId}`,
    vendor: { custom: 'kept' },
    ...changes,
    updatedAt,
  }
}

export function page(conversations: Conversation[], changes: Partial<Page> = {}): Page {
  return {
    conversations,
    messages: [],
    people: [],
    removedVendorIds: [],
    quarantined: [],
    cursor: 'cursor',
    more: false,
    total: null,
    ...changes,
  }
}

export function message(conversationVendorId: string, vendorId: string, changes: Partial<Message> = {}): Message {
  return {
    vendorId,
    conversationVendorId,
    kind: 'reply',
    direction: 'in',
    author: { vendorId: 'c1', name: 'Ada Example', email: 'ada@mail.example', phone: null, role: 'customer' },
    createdAt: noon - 500,
    bodyHtml: null,
    bodyText: `Words of ${vendorId}`,
    attachments: [],
    vendor: {},
    ...changes,
  }
}

export function thread(messages: Message[], changes: Partial<Thread> = {}): Thread {
  return { conversation: null, messages, people: [], quarantined: [], ...changes }
}
