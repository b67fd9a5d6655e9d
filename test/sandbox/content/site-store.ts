import { escapeHtml } from '../html.ts'
import { ChangeOrder } from './change-order.ts'
import {
  type Author,
  type Customer,
  customer,
  type Entry,
  type Row,
  type StoredFile,
  seedEntries,
  seedRow,
} from './conversations.ts'
import type { Ordered } from './paging.ts'
import type { SiteSpec, SiteStatus, StatusKind } from './site.ts'
import { blockSize, lowerBound, Timeline } from './timeline.ts'

export type RowPatch = Partial<Pick<Row, 'subject' | 'assignee' | 'group' | 'status' | 'priority' | 'tags'>>

export interface NewEntry {
  kind: Entry['kind']
  author: Author
  html: string
  text: string
  files?: StoredFile[]
  change?: NonNullable<Entry['change']>
}

interface Overlay {
  patch: RowPatch
  added: Entry[]
}

/** A reply or note that reached the vendor through its API. */
export interface Received {
  conversation: number
  seq: number
  kind: 'reply' | 'note'
  staff: number
  html: string
  text: string
  files: string[]
  at: number
}

/** Everything one site holds: seeded conversations, made on demand, under what was changed since. */
export class SiteStore {
  readonly spec: SiteSpec
  readonly seed: number
  readonly customers: number
  /** By any change. */
  readonly changes: ChangeOrder
  /** By the newest message only. */
  readonly messages: ChangeOrder
  readonly received: Received[] = []
  readonly uploads = new Map<string, StoredFile[]>()
  /** Conversations that left the ordinary lists. */
  readonly hidden = new Map<number, 'spam' | 'deleted'>()
  readonly #timeline: Timeline
  readonly #endsAt: number
  readonly #overlay = new Map<number, Overlay>()
  readonly #made: Row[] = []
  readonly #multiplier: number
  readonly #inverse: number
  #lastTick: number

  /** `size` conversations, the newest just before `endsAt` (epoch milliseconds). */
  constructor(spec: SiteSpec, options: { seed: number; size: number; endsAt: number }) {
    this.spec = spec
    this.seed = options.seed
    this.#endsAt = options.endsAt
    this.#lastTick = options.endsAt
    this.#timeline = new Timeline({ size: options.size, endsAt: options.endsAt, seed: `${options.seed}:${spec.id}` })
    this.changes = new ChangeOrder(this.#timeline)
    this.messages = new ChangeOrder(this.#timeline)
    this.customers = Math.max(40, Math.ceil(options.size / 4))
    this.#multiplier = coprime(this.customers)
    this.#inverse = inverse(this.#multiplier, this.customers)
  }

  get size(): number {
    return this.#timeline.size + this.#made.length
  }

  /** Seeded, as against begun since the start. */
  isSeeded(index: number): boolean {
    return index < this.#timeline.size
  }

  has(index: number): boolean {
    return Number.isInteger(index) && index >= 0 && index < this.size
  }

  /** A moment later than every moment handed out before, so that change order is never in doubt. */
  tick(): number {
    this.#lastTick = Math.max(Date.now(), this.#lastTick + 1)
    return this.#lastTick
  }

  row(index: number): Row {
    const base = index < this.#timeline.size ? this.#seeded(index) : this.#made[index - this.#timeline.size]
    if (!base) throw new Error(`${this.spec.id} has no conversation ${index}`)
    const spam = this.hidden.get(index) === 'spam'
    return { ...base, ...this.#overlay.get(index)?.patch, spam, updatedAt: this.changes.changedAt(index) }
  }

  entries(index: number): Entry[] {
    const added = this.#overlay.get(index)?.added ?? []
    return index < this.#timeline.size ? [...seedEntries(this.spec, this.seed, this.#seeded(index)), ...added] : added
  }

  createdSince(time: number): number {
    const seeded = this.#timeline.createdSince(time)
    if (seeded < this.#timeline.size) return seeded
    const later = this.#made.findIndex((row) => row.createdAt >= time)
    return later < 0 ? this.size : this.#timeline.size + later
  }

  /** Conversations in order of creation; the key is the index. */
  get creations(): Ordered {
    return {
      size: this.size,
      at: (position) => position,
      key: (index) => index,
      since: (key) => Math.min(Math.max(key, 0), this.size),
    }
  }

  /** Conversations changed at or after a moment, in order of creation, without looking at the older ones. */
  changedSince(time: number): Ordered {
    const rank = this.#timeline.rankSince(time)
    const seededEnd = this.#timeline.size
    const blockStart = rank < seededEnd ? Math.floor(rank / blockSize) * blockSize : seededEnd
    // Seeded rows of later blocks all changed later; of this block some did; of earlier ones, and past the seeded end, only those touched.
    const tailStart = rank < seededEnd ? Math.min(blockStart + blockSize, seededEnd) : this.size
    const early = new Set<number>()
    for (let index = blockStart; index < Math.min(tailStart, seededEnd); index++) early.add(index)
    for (const index of this.changes.touchedIndexes()) if (index < tailStart) early.add(index)
    const head = [...early].filter((index) => this.changes.changedAt(index) >= time).sort((a, b) => a - b)
    const at = (position: number) => (position < head.length ? head[position] : tailStart + position - head.length)
    const size = head.length + this.size - tailStart
    return {
      size,
      at,
      key: (index) => index,
      since: (key) => lowerBound(size, (position) => (at(position) ?? 0) >= key),
    }
  }

  customer(number: number): Customer {
    return customer(this.spec, this.seed, number)
  }

  customerByEmail(email: string): Customer | undefined {
    const number = Number(/^customer(\d+)@/.exec(email.toLowerCase())?.[1] ?? Number.NaN)
    if (!(number < this.customers)) return undefined
    const found = this.customer(number)
    return found.email === email.toLowerCase() ? found : undefined
  }

  /** Conversations of one customer, oldest first. */
  byCustomer(number: number): number[] {
    const found: number[] = []
    const first = (number * this.#inverse) % this.customers
    for (let index = first; index < this.#timeline.size; index += this.customers) found.push(index)
    return [...found, ...this.#made.filter((row) => row.customer === number).map((row) => row.index)]
  }

  status(id: string): SiteStatus {
    const found = this.spec.statuses.find((status) => status.id === id)
    if (!found) throw new Error(`${this.spec.id} has no status ${id}`)
    return found
  }

  firstStatus(kind: StatusKind): SiteStatus | undefined {
    return this.spec.statuses.find((status) => status.kind === kind)
  }

  /** Changes fields of a conversation; it moves to the end of the change order. */
  change(index: number, patch: RowPatch): void {
    const overlay = this.#overlayOf(index)
    Object.assign(overlay.patch, patch)
    this.changes.touch(index, this.tick())
  }

  /** Takes a conversation out of the ordinary lists, or brings it back. */
  hide(index: number, how: 'spam' | 'deleted' | null): void {
    if (how) this.hidden.set(index, how)
    else this.hidden.delete(index)
    this.changes.touch(index, this.tick())
  }

  /** Adds a message or an event. Events move the change order only; messages move both. */
  add(index: number, entry: NewEntry): Entry {
    const at = this.tick()
    const made: Entry = { files: [], ...entry, seq: this.entries(index).length, at }
    this.#overlayOf(index).added.push(made)
    this.changes.touch(index, at)
    if (made.kind !== 'event') this.messages.touch(index, at)
    return made
  }

  /** As `add`, by a member of staff through the vendor's API; remembered in `received`. */
  receive(
    index: number,
    kind: 'reply' | 'note',
    staff: number,
    body: Pick<NewEntry, 'html' | 'text' | 'files'>,
  ): Entry {
    const entry = this.add(index, { kind, author: { kind: 'staff', staff }, ...body })
    const files = entry.files.map((file) => file.name)
    this.received.push({
      conversation: index,
      seq: entry.seq,
      kind,
      staff,
      html: entry.html,
      text: entry.text,
      files,
      at: entry.at,
    })
    return entry
  }

  /** A customer writes into a conversation: a solved one opens again, as helpdesks do. */
  customerWrites(index: number, text: string, files: StoredFile[] = []): Entry {
    const row = this.row(index)
    const html = `<p>${escapeHtml(text).replaceAll('\n', '<br>')}</p>`
    const entry = this.add(index, {
      kind: 'reply',
      author: { kind: 'customer', customer: row.customer },
      html,
      text,
      files,
    })
    const open = this.firstStatus('open')
    if (open && ['pending', 'hold', 'solved'].includes(this.status(row.status).kind))
      this.change(index, { status: open.id })
    return entry
  }

  /** A new conversation, begun by a customer. Returns its index. */
  open(subject: string, text: string, by = 0): number {
    const at = this.tick()
    const index = this.size
    const status = this.firstStatus('new') ?? this.firstStatus('open')
    if (!status) throw new Error(`${this.spec.id} has no status for a new conversation`)
    this.#made.push({
      index,
      subject,
      customer: by,
      assignee: null,
      group: null,
      brand: 0,
      status: status.id,
      priority: 'normal',
      tags: [],
      channel: 'email',
      language: this.customer(by).language,
      spam: false,
      createdAt: at,
      updatedAt: at,
    })
    const html = `<p>${escapeHtml(text).replaceAll('\n', '<br>')}</p>`
    this.add(index, { kind: 'reply', author: { kind: 'customer', customer: by }, html, text })
    return index
  }

  #overlayOf(index: number): Overlay {
    const known = this.#overlay.get(index)
    if (known) return known
    const made: Overlay = { patch: {}, added: [] }
    this.#overlay.set(index, made)
    return made
  }

  #customerOf(index: number): number {
    return (index * this.#multiplier) % this.customers
  }

  #seeded(index: number): Row {
    return seedRow(this.spec, this.seed, {
      index,
      customer: this.#customerOf(index),
      createdAt: this.#timeline.createdAt(index),
      updatedAt: this.#timeline.changedAt(index),
      endsAt: this.#endsAt,
    })
  }
}

/** A step through 0..size-1 that meets every number once, so that customers are spread over time. */
function coprime(size: number): number {
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b))
  let step = Math.max(1, Math.floor(size * 0.618))
  while (gcd(step, size) !== 1) step++
  return step
}

/** The number that undoes multiplying by `value` modulo `modulus`: leads from a customer back to the conversations. */
function inverse(value: number, modulus: number): number {
  let [r0, r1, t0, t1] = [modulus, value % modulus, 0, 1]
  while (r1 !== 0) {
    const quotient = Math.floor(r0 / r1)
    ;[r0, r1, t0, t1] = [r1, r0 - quotient * r1, t1, t0 - quotient * t1]
  }
  return t0 < 0 ? t0 + modulus : t0
}
