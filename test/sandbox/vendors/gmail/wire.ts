import type { Entry, Row } from '../../content/conversations.ts'
import type { SiteStore } from '../../content/site-store.ts'
import { encodedWord, payload, snippetOf, type WirePart } from './mime.ts'
import { gmailSites, waitingLabel } from './sites.ts'

type Headers = WirePart['headers']

export interface WireMessage {
  id: string
  threadId: string
  labelIds: string[]
  snippet: string
  historyId: string
  internalDate: string
  sizeEstimate: number
  payload: Partial<WirePart>
}

export type Format = 'full' | 'metadata' | 'minimal'

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')

/** One mailbox in Gmail's wire format: a conversation is a thread, its replies are mails; notes do not exist. */
export class GmailWire {
  readonly store: SiteStore
  /** Label ids by name, as people made them: the waiting label and the site's tags to begin with. */
  readonly userLabels: { id: string; name: string }[]
  /** Headers of mails that came through the API, by conversation and place. */
  readonly #sent = new Map<string, Headers>()
  readonly #unread = new Map<number, boolean>()
  /** Threads begun by us: their first entry stands for nobody's mail. */
  readonly #begunHere = new Set<number>()
  readonly #base: number
  #attachmentCalls = 0

  constructor(store: SiteStore) {
    this.store = store
    this.#base = gmailSites.findIndex((site) => site.id === store.spec.id) + 1
    this.userLabels = ['Waiting', ...store.spec.tags].map((name, place) => ({ id: `Label_${place + 1}`, name }))
  }

  get address(): string {
    return this.store.spec.id
  }

  /** Gmail's ids have 16 hexadecimal digits; a thread has the id of its first message. */
  messageId = (index: number, seq: number) => `19e${hex(this.#base, 1)}${hex(index, 8)}${hex(seq, 4)}`
  threadId = (index: number) => this.messageId(index, 0)
  place(id: string): { index: number; seq: number } | undefined {
    const [, base = '', index = '', seq = ''] = /^19e([0-9a-f])([0-9a-f]{8})([0-9a-f]{4})$/.exec(id) ?? []
    if (Number.parseInt(base, 16) !== this.#base) return undefined
    const place = { index: Number.parseInt(index, 16), seq: Number.parseInt(seq, 16) }
    return this.store.has(place.index) ? place : undefined
  }

  historyId = (index: number) => String(this.store.changes.changedAt(index))
  /** Of the whole mailbox: the newest change. */
  get newestHistoryId(): string {
    const newest = this.store.changes.at(this.store.changes.size - 1)
    return newest === undefined ? '1' : this.historyId(newest)
  }

  /** The mails of a thread, oldest first. */
  mails(index: number): Entry[] {
    const begun = this.#begunHere.has(index)
    return this.store.entries(index).filter((entry) => entry.kind === 'reply' && !(begun && entry.seq === 0))
  }

  /** When a mail arrived. The newest one of a thread is as new as the thread: that is the order of the lists. */
  timeOf(index: number, entry: Entry): number {
    const last = this.mails(index).at(-1)?.seq === entry.seq
    return last ? Math.max(entry.at, this.store.messages.changedAt(index)) : entry.at
  }

  labelsOf(index: number, entry: Entry, row = this.store.row(index)): string[] {
    const hidden = this.store.hidden.get(index)
    const last = this.mails(index).at(-1)?.seq === entry.seq
    const incoming = entry.author.kind === 'customer'
    const tags = row.tags.flatMap((tag) => this.userLabels.find((label) => label.name === tag)?.id ?? [])
    const unread = this.#unread.get(index) ?? (row.status === 'INBOX' && last && incoming)
    return [
      ...(hidden === 'deleted' ? ['TRASH'] : hidden === 'spam' ? ['SPAM'] : []),
      ...(incoming ? ['CATEGORY_PERSONAL', ...(index % 3 === 0 ? ['IMPORTANT'] : [])] : ['SENT']),
      ...(hidden === undefined && incoming && row.status !== 'ARCHIVED' ? ['INBOX'] : []),
      ...(unread && incoming ? ['UNREAD'] : []),
      ...(row.status === waitingLabel ? [waitingLabel] : []),
      ...tags,
    ]
  }

  thread(index: number, format: Format, wanted: string[]): Record<string, unknown> {
    return {
      id: this.threadId(index),
      historyId: this.historyId(index),
      messages: this.mails(index).map((entry) => this.message(index, entry, format, wanted)),
    }
  }

  /** `wanted`: names of headers, for the format `metadata`; none for all. */
  message(index: number, entry: Entry, format: Format, wanted: string[] = []): Partial<WireMessage> {
    const row = this.store.row(index)
    const last = this.mails(index).at(-1)?.seq === entry.seq
    const at = this.timeOf(index, entry)
    const common = {
      id: this.messageId(index, entry.seq),
      threadId: this.threadId(index),
      labelIds: this.labelsOf(index, entry, row),
      snippet: snippetOf(entry.text),
      historyId: last ? this.historyId(index) : String(at),
      internalDate: String(at),
      sizeEstimate: entry.html.length + entry.text.length + 900,
    }
    if (format === 'minimal') return common
    const full = payload(
      {
        ...{ text: entry.text, html: entry.html, files: entry.files },
        contentId: `image001@${this.store.spec.id}`,
        attachmentId: (place) => this.#attachmentId(index, entry.seq, place),
      },
      this.#headers(index, row, entry),
    )
    if (format === 'full') return { ...common, payload: full }
    const named = new Set(wanted.map((name) => name.toLowerCase()))
    const headers = full.headers.filter(({ name }) => named.size === 0 || named.has(name.toLowerCase()))
    return { ...common, payload: { mimeType: full.mimeType, headers } }
  }

  /** Another id at every reading, all of them good. */
  #attachmentId(index: number, seq: number, place: number): string {
    return `ANGj${Buffer.from(JSON.stringify([++this.#attachmentCalls, index, seq, place])).toString('base64url')}`
  }

  file(attachmentId: string): Buffer | undefined {
    const text = Buffer.from(attachmentId.replace(/^ANGj/, ''), 'base64url').toString('utf8')
    const found = /^\[\d+,(\d+),(\d+),(\d+)\]$/.exec(text)
    if (!found) return undefined
    const [index = 0, seq = 0, place = 0] = found.slice(1).map(Number)
    return this.store.has(index) ? this.store.entries(index)[seq]?.files[place]?.bytes : undefined
  }

  /** `Message-ID` of a mail, with angle brackets. */
  mailId(index: number, entry: Entry): string {
    const sent = this.#sent.get(`${index}/${entry.seq}`)?.find(({ name }) => name.toLowerCase() === 'message-id')
    if (sent) return sent.value
    const domain = entry.author.kind === 'customer' ? 'mail.customers.example' : 'mail.gmail.com'
    return `<CA${this.messageId(index, entry.seq)}@${domain}>`
  }

  #headers(index: number, row: Row, entry: Entry): Headers {
    const own = this.#sent.get(`${index}/${entry.seq}`)
    if (own) return own
    const before = this.mails(index).filter((each) => each.seq < entry.seq)
    const who = this.store.customer(row.customer)
    const alias = this.store.spec.brands[row.brand] ?? this.address
    const customer = `${encodedWord(who.name)} <${who.email}>`
    const mailbox = `${encodedWord(this.store.spec.name)} <${alias}>`
    const incoming = entry.author.kind === 'customer'
    const references = before.map((each) => this.mailId(index, each))
    return [
      ...(incoming ? [{ name: 'Delivered-To', value: this.address }] : []),
      { name: 'Date', value: new Date(this.timeOf(index, entry)).toUTCString().replace('GMT', '+0000') },
      { name: 'From', value: incoming ? customer : mailbox },
      { name: 'To', value: incoming ? mailbox : customer },
      { name: 'Message-ID', value: this.mailId(index, entry) },
      { name: 'Subject', value: encodedWord(before.length > 0 ? `Re: ${row.subject}` : row.subject) },
      { name: 'MIME-Version', value: '1.0' },
      ...(references.length > 0
        ? [
            { name: 'In-Reply-To', value: references.at(-1) ?? '' },
            { name: 'References', value: references.join(' ') },
          ]
        : []),
    ]
  }

  /** Keeps the headers a mail was sent with. */
  remember(index: number, seq: number, headers: Headers): void {
    this.#sent.set(`${index}/${seq}`, headers)
  }

  begunHere(index: number): void {
    this.#begunHere.add(index)
  }

  setUnread(index: number, unread: boolean): void {
    this.#unread.set(index, unread)
  }
}
