import type { Entry, StoredFile } from '../../content/conversations.ts'
import type { SiteStore } from '../../content/site-store.ts'
import { ownText, quoteOf } from './bodies.ts'
import { MailIds } from './ids.ts'
import { isShared } from './sites.ts'

export type Folder = 'inbox' | 'sentitems' | 'archive' | 'drafts' | 'deleteditems' | 'junkemail' | 'outbox' | 'orders'
export const folderNames: Record<Folder, string> = {
  inbox: 'Posteingang',
  sentitems: 'Gesendete Elemente',
  archive: 'Archiv',
  drafts: 'Entwürfe',
  deleteditems: 'Gelöschte Elemente',
  junkemail: 'Junk-E-Mail',
  outbox: 'Postausgang',
  orders: 'Bestellungen',
}

export type FlagStatus = 'notFlagged' | 'flagged' | 'complete'
export interface Address {
  name: string
  address: string
}

export interface Mail {
  id: string
  conversationId: string
  /** Place in the store; null for a mail that no conversation of the store holds. */
  place: { index: number; seq: number } | null
  /** 0 for a mail that answers nothing. */
  depth: number
  subject: string
  html: string
  plain: boolean
  files: StoredFile[]
  from: Address
  /** The person behind `from`, where it is another. */
  sender: Address
  to: Address[]
  at: number
  modifiedAt: number
  folder: Folder
  isDraft: boolean
  isRead: boolean
  flag: FlagStatus
  categories: string[]
  importance: 'low' | 'normal' | 'high'
}

/** What was set at one mail, beside what its conversation in the store says. */
type Own = Partial<Pick<Mail, 'folder' | 'isRead' | 'flag' | 'categories' | 'modifiedAt'>>

export interface ReadChange {
  id: string
  isRead: boolean
}

const pending = 'Pending'

/**
 * The mails of one mailbox: those of the store's conversations (the newest that came in shows the conversation's status and tags as flag,
 * category and folder), and drafts and new mails, which the store has no place for.
 */
export class Mailbox {
  readonly store: SiteStore
  readonly ids: MailIds
  /** Drafts, and mails begun here. */
  readonly loose = new Map<string, Mail>()
  /** Changes of nothing but the read mark, in order. */
  readonly reads: ReadChange[] = []
  readonly #own = new Map<string, Own>()
  readonly #openedAt = Date.now()
  #made = 0
  #cache: { key: string; mails: Mail[] } | undefined

  constructor(store: SiteStore) {
    this.store = store
    this.ids = new MailIds(store.spec.id)
  }

  get self(): Address {
    return { name: this.store.spec.name, address: this.store.spec.supportEmail }
  }

  person(staff: number): Address {
    const { name = '', email = '' } = this.store.spec.staff[staff] ?? {}
    return { name, address: email }
  }

  /** All mails, the newest first. */
  all(): Mail[] {
    const { changes, size } = this.store
    const last = changes.at(changes.size - 1) ?? 0
    const key = `${size} ${last} ${changes.changedAt(last)} ${this.#own.size} ${this.reads.length} ${this.#made}`
    if (this.#cache?.key === key) return this.#cache.mails
    const stored = Array.from({ length: size }, (_, index) => this.ofConversation(index)).flat()
    const mails = [...stored, ...this.loose.values()].sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
    this.#cache = { key, mails }
    return mails
  }

  /** Something in `loose` changed. */
  touchLoose(): void {
    this.#made++
  }

  ofConversation(index: number): Mail[] {
    const replies = this.store.entries(index).filter((entry) => entry.kind === 'reply')
    const newest = replies.findLast((entry) => entry.author.kind === 'customer')
    return replies.map((entry, depth) => this.#mail(index, entry, depth, entry === newest))
  }

  byConversationId(id: string): Mail[] {
    const index = this.ids.index(id)
    const stored = index === undefined || !this.store.has(index) ? [] : this.ofConversation(index)
    return [...stored, ...[...this.loose.values()].filter((mail) => mail.conversationId === id)]
  }

  find(id: string): Mail | undefined {
    const loose = this.loose.get(id)
    if (loose) return loose
    const place = this.ids.place(id)
    return place && this.store.has(place.index)
      ? this.ofConversation(place.index).find((mail) => mail.place?.seq === place.seq)
      : undefined
  }

  #mail(index: number, entry: Entry, depth: number, decisive: boolean): Mail {
    const row = this.store.row(index)
    const customer = this.store.customer(row.customer)
    const them = { name: customer.name, address: customer.email }
    const incoming = entry.author.kind === 'customer'
    const staff = entry.author.kind === 'staff' ? this.person(entry.author.staff) : this.self
    const id = this.ids.message(index, entry.seq)
    const own = this.#own.get(id) ?? {}
    const categories = decisive ? [...row.tags, ...(row.status === 'pending' ? [pending] : [])] : (own.categories ?? [])
    const solved = decisive && row.status === 'solved'
    return {
      id,
      conversationId: this.ids.conversation(index),
      place: { index, seq: entry.seq },
      depth,
      subject: depth === 0 ? row.subject : `RE: ${row.subject}`,
      html: entry.html,
      plain: index % 5 === 4 && incoming,
      files: entry.files,
      from: incoming ? them : this.self,
      sender: incoming ? them : isShared(this.store.spec.id) ? staff : this.self,
      to: [incoming ? this.self : them],
      at: entry.at,
      modifiedAt: decisive ? this.store.changes.changedAt(index) : Math.max(entry.at, own.modifiedAt ?? 0),
      folder: this.#folder(index, entry, own, decisive),
      isDraft: false,
      isRead: own.isRead ?? !(decisive && row.status === 'open'),
      flag: solved ? 'complete' : own.flag === 'complete' ? 'notFlagged' : (own.flag ?? 'notFlagged'),
      categories,
      importance:
        row.priority === 'urgent' || row.priority === 'high' ? 'high' : row.priority === 'low' ? 'low' : 'normal',
    }
  }

  #folder(index: number, entry: Entry, own: Own, decisive: boolean): Folder {
    const hidden = this.store.hidden.get(index)
    if (hidden) return hidden === 'spam' ? 'junkemail' : 'deleteditems'
    if (own.folder && own.folder !== 'inbox' && own.folder !== 'archive') return own.folder
    if (entry.author.kind !== 'customer') return own.folder ?? 'sentitems'
    // What comes in after a conversation was archived lies in the Inbox again.
    const cameLater = entry.at > this.#openedAt && this.store.changes.changedAt(index) === entry.at
    const closed = this.store.row(index).status === 'closed' && !cameLater
    return decisive ? (closed ? 'archive' : 'inbox') : (own.folder ?? (closed ? 'archive' : 'inbox'))
  }

  /** Flag and categories of the mail that decides are the conversation's status and tags. */
  mark(mail: Mail, change: { flag?: FlagStatus; categories?: string[] }): void {
    const loose = this.loose.get(mail.id)
    if (loose) {
      Object.assign(loose, change, { modifiedAt: this.store.tick() })
      this.touchLoose()
      return
    }
    if (!mail.place) return
    const { index } = mail.place
    const flag = change.flag ?? mail.flag
    const categories = change.categories ?? mail.categories
    if (this.#isDecisive(mail)) {
      const wanted =
        flag === 'complete'
          ? 'solved'
          : categories.some((each) => each.toLowerCase() === 'pending')
            ? 'pending'
            : 'open'
      const status = mail.folder === 'archive' ? 'closed' : wanted
      this.#set(mail.id, { flag })
      this.store.change(index, { status, tags: categories.filter((each) => each.toLowerCase() !== 'pending') })
    } else {
      this.store.change(index, {})
      this.#set(mail.id, { ...change, modifiedAt: this.store.changes.changedAt(index) })
    }
  }

  move(mail: Mail, folder: Folder): void {
    const loose = this.loose.get(mail.id)
    if (loose) {
      Object.assign(loose, { folder, modifiedAt: this.store.tick() })
      this.touchLoose()
      return
    }
    if (!mail.place) return
    const { index } = mail.place
    // Only this mail moves, whatever the conversation's status then says.
    for (const other of this.ofConversation(index))
      if (other.id !== mail.id) this.#set(other.id, { folder: other.folder })
    const status =
      folder === 'archive'
        ? 'closed'
        : mail.flag === 'complete'
          ? 'solved'
          : mail.categories.includes(pending)
            ? 'pending'
            : 'open'
    this.store.change(index, this.#isDecisive(mail) ? { status } : {})
    this.#set(mail.id, { folder, modifiedAt: this.store.changes.changedAt(index) })
  }

  setRead(mail: Mail, isRead: boolean): void {
    const loose = this.loose.get(mail.id)
    if (loose) loose.isRead = isRead
    else this.#set(mail.id, { isRead })
    this.reads.push({ id: mail.id, isRead })
  }

  #isDecisive(mail: Mail): boolean {
    if (!mail.place) return false
    const newest = this.store
      .entries(mail.place.index)
      .findLast((entry) => entry.kind === 'reply' && entry.author.kind === 'customer')
    return newest?.seq === mail.place.seq
  }

  #set(id: string, own: Own): void {
    this.#own.set(id, { ...this.#own.get(id), ...own })
    this.#made++
  }

  /** A draft that begins a conversation, or answers `target`. */
  draft(by: number, target: Mail | null): Mail {
    const at = this.store.tick()
    const id = this.ids.loose(++this.#made)
    const made: Mail = {
      id,
      conversationId: target?.conversationId ?? this.ids.looseConversation(this.#made),
      place: null,
      depth: target === null ? 0 : target.depth + 1,
      subject: target === null ? '' : /^re:/i.test(target.subject) ? target.subject : `RE: ${target.subject}`,
      html: target === null ? '' : quoteOf(target),
      plain: false,
      files: [],
      from: this.self,
      sender: isShared(this.store.spec.id) ? this.person(by) : this.self,
      to: target === null ? [] : [target.from],
      at,
      modifiedAt: at,
      folder: 'drafts',
      isDraft: true,
      isRead: true,
      flag: 'notFlagged',
      categories: [],
      importance: 'normal',
    }
    this.loose.set(id, made)
    return made
  }

  /** Sends a draft: the mail keeps its id in Sent Items. */
  send(mail: Mail, by: number): void {
    const index = this.ids.index(mail.conversationId)
    if (index === undefined) {
      const at = this.store.tick()
      Object.assign(mail, { isDraft: false, folder: 'sentitems', at, modifiedAt: at })
    } else {
      const entry = this.store.receive(index, 'reply', by, {
        html: mail.html,
        text: ownText(mail.html),
        files: mail.files,
      })
      this.ids.alias(mail.id, index, entry.seq)
      this.loose.delete(mail.id)
    }
    this.touchLoose()
  }
}
