import { createCipheriv, createHash } from 'node:crypto'
import type { Entry, StoredFile } from '../../content/conversations.ts'
import { hash } from '../../content/random.ts'
import type { SiteStore } from '../../content/site-store.ts'
import { fileHost } from './sites.ts'

export interface WireRecord {
  at: string
  headers: Record<string, string>
  body: Record<string, unknown>
}

interface Kept {
  index: number
  /** Epoch milliseconds. */
  at: number
  /** In the order of recording: time, conversation, place. */
  key: string
  record: WireRecord
}

/** What the gateway has kept of one Business ID, in Apple's form. Notes do not exist there. */
export class AppleWire {
  readonly store: SiteStore
  /** Messages that came through the API, by conversation and place: their id and body as they were sent. */
  readonly sent = new Map<string, { id: string; body: Record<string, unknown> }>()
  /** When the customer ended a conversation. */
  readonly #closes = new Map<number, number[]>()

  constructor(store: SiteStore) {
    this.store = store
  }

  customerId = (index: number) =>
    `urn:mbid:AQAA${Buffer.from(`${this.store.spec.id.slice(-6)}:${index}`).toString('base64url')}`

  customerIndex(id: string): number | undefined {
    const [site, index] = Buffer.from(id.replace('urn:mbid:AQAA', ''), 'base64url').toString().split(':')
    const place = Number(index)
    return site === this.store.spec.id.slice(-6) && this.store.has(place) ? place : undefined
  }

  messageId(index: number, seq: number): string {
    return this.sent.get(`${index}:${seq}`)?.id ?? uuid(`${this.store.spec.id}:${index}:${seq}`)
  }

  isClosed(index: number): boolean {
    this.#noteClose(index)
    const last = this.#closes.get(index)?.at(-1) ?? 0
    return last > (this.#spoken(index).at(-1)?.at ?? 0)
  }

  /** Everything of one conversation, oldest first. */
  of(index: number): Kept[] {
    this.#noteClose(index)
    const spoken = this.#spoken(index).map((entry) => this.#message(index, entry))
    const closes = (this.#closes.get(index) ?? []).map((at) => this.#close(index, at))
    return [...spoken, ...closes].sort((a, b) => (a.key < b.key ? -1 : 1))
  }

  all(): Kept[] {
    const found: Kept[] = []
    for (let index = 0; index < this.store.size; index++)
      if (!this.store.hidden.has(index)) found.push(...this.of(index))
    return found.sort((a, b) => (a.key < b.key ? -1 : 1))
  }

  file(index: number, seq: number, place: number): StoredFile | undefined {
    return this.store.entries(index)[seq]?.files[place]
  }

  /** The bytes as they lie at Apple. */
  encrypted(index: number, seq: number, place: number): Buffer | undefined {
    const file = this.file(index, seq, place)
    if (!file) return undefined
    const cipher = createCipheriv('aes-256-ctr', this.#key(index, seq, place), Buffer.alloc(16))
    return Buffer.concat([cipher.update(file.bytes), cipher.final()])
  }

  signature = (index: number, seq: number, place: number) =>
    createHash('sha256').update(`signature ${index} ${seq} ${place}`).digest('base64')

  #spoken(index: number): Entry[] {
    return this.store.entries(index).filter((entry) => entry.kind === 'reply')
  }

  /** A conversation that is over now was ended by its customer after the last message. */
  #noteClose(index: number): void {
    const row = this.store.row(index)
    const known = this.#closes.get(index) ?? []
    const last = this.#spoken(index).at(-1)?.at ?? 0
    if (this.store.status(row.status).kind === 'solved' && (known.at(-1) ?? 0) <= last)
      this.#closes.set(index, [...known, Math.max(row.updatedAt, last + 1)])
  }

  #message(index: number, entry: Entry): Kept {
    const ours = entry.author.kind === 'staff'
    const id = this.messageId(index, entry.seq)
    const ids = this.#ids(index, ours)
    const sent = this.sent.get(`${index}:${entry.seq}`)?.body
    const locale = `${this.store.row(index).language}_XX`
    const body = sent ?? {
      ...{ id, type: 'text', v: 1, sourceId: ids['source-id'], destinationId: ids['destination-id'], body: entry.text },
      ...(ours ? {} : { locale, group: 'support', ...(index % 3 === 0 ? { intent: 'order_status' } : {}) }),
      ...(entry.files.length === 0
        ? {}
        : { body: `\uFFFC${entry.text}`, attachments: this.#attachments(index, entry) }),
    }
    return this.#kept(index, entry.at, entry.seq, { id, ...ids }, body)
  }

  #close(index: number, at: number): Kept {
    const id = uuid(`${this.store.spec.id}:${index}:close:${at}`)
    const ids = this.#ids(index, false)
    const body = { id, type: 'close', v: 1, sourceId: ids['source-id'], destinationId: ids['destination-id'] }
    return this.#kept(index, at, 999, { id, ...ids }, body)
  }

  #kept(index: number, at: number, seq: number, headers: Record<string, string>, body: Record<string, unknown>): Kept {
    const key = `${String(at).padStart(15, '0')}:${String(index).padStart(8, '0')}:${String(seq).padStart(4, '0')}`
    return { index, at, key, record: { at: new Date(at).toISOString(), headers, body } }
  }

  #ids(index: number, ours: boolean): Record<'source-id' | 'destination-id', string> & Record<string, string> {
    const customer = this.customerId(index)
    const { id } = this.store.spec
    if (ours) return { 'source-id': id, 'destination-id': customer }
    return {
      'source-id': customer,
      'destination-id': id,
      'capability-list': 'QUICK,LIST,TIME,AUTH2',
      'device-agent': 'iPhone',
    }
  }

  #attachments(index: number, entry: Entry): Record<string, unknown>[] {
    return entry.files.map((file, place) => ({
      name: file.name,
      mimeType: file.contentType,
      size: file.bytes.length,
      'signature-base64': this.signature(index, entry.seq, place),
      url: `https://${fileHost}/B/${this.store.spec.id.slice(8, 16)}/${index}/${entry.seq}/${place}`,
      owner: `M${hash(this.store.seed, 'owner', index)}`,
      key: `00${this.#key(index, entry.seq, place).toString('hex')}`,
    }))
  }

  #key(index: number, seq: number, place: number): Buffer {
    return createHash('sha256').update(`key ${this.store.spec.id} ${index} ${seq} ${place}`).digest()
  }
}

function uuid(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
