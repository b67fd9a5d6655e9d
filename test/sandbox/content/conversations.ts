import { escapeHtml } from '../html.ts'
import { inlinePicture, seedFile } from './files.ts'
import { hostileBodies } from './hostile.ts'
import { hash, type Random, random } from './random.ts'
import type { SiteSpec, StatusKind } from './site.ts'
import { fill, type Language, languages, type Topic, topicsOf } from './words.ts'

export type Priority = 'low' | 'normal' | 'high' | 'urgent'
type Channel = 'email' | 'web' | 'chat'

export interface Row {
  index: number
  subject: string
  /** Number of the customer; see `customer`. */
  customer: number
  /** Place in the site's staff and groups. */
  assignee: number | null
  group: number | null
  brand: number
  status: string
  priority: Priority | null
  tags: string[]
  channel: Channel
  language: Language
  spam: boolean
  /** Epoch milliseconds. */
  createdAt: number
  updatedAt: number
}

export interface StoredFile {
  name: string
  contentType: string
  inline: boolean
  bytes: Buffer
  width?: number
  height?: number
}

export type Author = { kind: 'customer'; customer: number } | { kind: 'staff'; staff: number } | { kind: 'system' }

export interface Entry {
  /** Place in the conversation, from 0. */
  seq: number
  kind: 'reply' | 'note' | 'event'
  author: Author
  html: string
  text: string
  files: StoredFile[]
  at: number
  /** Facts of an event: what was changed into what. */
  change?: { field: 'status' | 'assignee'; from: string | null; to: string | null }
}

export interface Customer {
  number: number
  name: string
  first: string
  last: string
  email: string
  phone: string | null
  company: string | null
  language: Language
}

const companies = [
  'Fjordline AS',
  'Kestrel & Co',
  'Möbel Krause GmbH',
  'Atelier Nord',
  '株式会社みどり',
  'Harbour Books Ltd',
  'شركة الأرز',
]

function weighted(site: SiteSpec, dice: Random): Language {
  const entries = Object.entries(site.languages) as [Language, number][]
  let left = dice.next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [language, weight] of entries) {
    left -= weight
    if (left < 0) return language
  }
  return 'en'
}

/** Customer `number` of a site: always the same person for the same seed. */
export function customer(site: SiteSpec, seed: number, number: number): Customer {
  const dice = random(seed, site.id, 'customer', number)
  const language = weighted(site, dice)
  const words = languages[language]
  const first = dice.pick(words.first)
  const last = dice.pick(words.last)
  const eastern = language === 'ja'
  return {
    number,
    first,
    last,
    name: eastern ? `${last} ${first}` : `${first} ${last}`,
    email: `customer${number}@${language}.customers.example`,
    phone: dice.chance(0.6) ? `+44 20 7946 ${String(dice.int(10_000)).padStart(4, '0')}` : null,
    company: dice.chance(0.3) ? dice.pick(companies) : null,
    language,
  }
}

/** What is decided once per conversation, before rows and messages are written from it. */
interface Plan {
  topic: Topic
  language: Language
  values: Record<string, string>
  /** Who speaks, in order: c customer, a agent, n note. */
  script: string
  thanked: boolean
}

const scripts = ['c', 'c', 'cc', 'ca', 'ca', 'cac', 'cna', 'caca', 'cnaca', 'cacacc', 'cancaca', 'cacacaca']

function plan(site: SiteSpec, seed: number, index: number, who: Customer): Plan {
  const dice = random(seed, site.id, 'plan', index)
  const words = languages[who.language]
  const code = hash(seed, site.id, 'order', index) % 900_000
  return {
    topic: dice.pick(topicsOf(who.language, site.business)),
    language: who.language,
    values: {
      order: `#${100_000 + code}`,
      product: dice.pick(words.products),
      city: dice.pick(words.cities),
      days: String(2 + dice.int(20)),
      amount: who.language === 'ja' ? `¥${1_000 + dice.int(90_000)}` : `€${5 + dice.int(400)}.${10 + dice.int(89)}`,
    },
    script: dice.pick(scripts),
    thanked: dice.chance(0.4),
  }
}

function kindOf(script: string, thanked: boolean, ageDays: number, dice: Random): StatusKind {
  if (ageDays > 28 && dice.chance(0.8)) return dice.chance(0.5) ? 'closed' : 'solved'
  if (script === 'c') return dice.chance(0.6) ? 'new' : 'open'
  if (script.endsWith('c')) return thanked ? 'solved' : 'open'
  return dice.chance(0.55) ? 'pending' : dice.chance(0.3) ? 'hold' : dice.chance(0.8) ? 'solved' : 'closed'
}

function statusOf(site: SiteSpec, wanted: StatusKind, dice: Random): string {
  const fallback: Record<StatusKind, StatusKind[]> = {
    new: ['new', 'open'],
    open: ['open'],
    pending: ['pending', 'open'],
    hold: ['hold', 'pending', 'open'],
    solved: ['solved', 'closed'],
    closed: ['closed', 'solved'],
  }
  for (const kind of fallback[wanted]) {
    const choices = site.statuses.filter((status) => status.kind === kind)
    if (choices.length > 0) return dice.pick(choices).id
  }
  throw new Error(`${site.id} has no status for ${wanted}`)
}

/** The list row of a seeded conversation. `age` times come from the timeline, in epoch milliseconds. */
export function seedRow(
  site: SiteSpec,
  seed: number,
  at: { index: number; customer: number; createdAt: number; updatedAt: number; endsAt: number },
): Row {
  const who = customer(site, seed, at.customer)
  const made = plan(site, seed, at.index, who)
  const dice = random(seed, site.id, 'row', at.index)
  const kind = kindOf(made.script, made.thanked, (at.endsAt - at.updatedAt) / 86_400_000, dice)
  const assigned = kind === 'new' ? false : dice.chance(0.8)
  const workers = site.staff.flatMap((person, i) => (person.role === 'light' ? [] : [i]))
  const group = dice.chance(0.85) ? dice.int(site.groups.length) : null
  return {
    index: at.index,
    subject: fill(dice.pick(made.topic.subjects), made.values),
    customer: at.customer,
    assignee: assigned ? dice.pick(workers) : null,
    group,
    brand: dice.chance(0.75) ? 0 : dice.int(site.brands.length),
    status: statusOf(site, kind, dice),
    priority: dice.chance(0.3) ? null : dice.pick(['low', 'normal', 'normal', 'normal', 'high', 'urgent'] as const),
    tags: site.tags.filter(() => dice.chance(0.18)),
    channel: dice.pick(['email', 'email', 'email', 'web', 'chat'] as const),
    language: who.language,
    spam: false,
    createdAt: at.createdAt,
    updatedAt: at.updatedAt,
  }
}

/** Conversations whose place in a block of 64 is one of these carry what is hard to show or to store. */
export const special = { hostile: 3, inline: 9, files: [12, 27, 50], long: 33, quoted: 41 } as const

function paragraphs(text: string): string {
  return text
    .split('\n\n')
    .map((part) => `<p>${escapeHtml(part).replaceAll('\n', '<br>')}</p>`)
    .join('')
}

function fileOf(variant: number): StoredFile {
  return { ...seedFile(variant), inline: false }
}

function opening(site: SiteSpec, seed: number, index: number, text: string): Pick<Entry, 'html' | 'text' | 'files'> {
  const place = index % 64
  const plain = { html: paragraphs(text), text, files: [] as StoredFile[] }
  if (place === special.hostile) {
    const body = hostileBodies[Math.floor(index / 64) % hostileBodies.length] ?? ''
    return { ...plain, html: `${plain.html}${body}`, text: `${text}\n\nREADABLE TEXT` }
  }
  if (place === special.inline) {
    const html = `${plain.html}<p><img src="cid:image001@${site.id}" alt="photo" width="160"></p>`
    return { ...plain, html, files: [{ ...inlinePicture(), inline: true }] }
  }
  if ((special.files as readonly number[]).includes(place)) {
    const count = 1 + (hash(seed, site.id, 'files', index) % 3)
    return { ...plain, files: Array.from({ length: count }, (_, i) => fileOf(index + i)) }
  }
  if (place === special.long) {
    const long = Array.from({ length: 200 }, (_, i) => `${i + 1}. ${text}`).join('\n\n')
    return { html: paragraphs(long), text: long, files: [] }
  }
  if (place === special.quoted) {
    return {
      ...plain,
      html: `${plain.html}<blockquote type="cite">On Tuesday you wrote:<br>${plain.html}</blockquote>`,
    }
  }
  return plain
}

/** All messages of a seeded conversation, oldest first; the first at its creation, the last at its last change. */
export function seedEntries(site: SiteSpec, seed: number, row: Row): Entry[] {
  const who = customer(site, seed, row.customer)
  const made = plan(site, seed, row.index, who)
  const words = languages[made.language]
  const dice = random(seed, site.id, 'entries', row.index)
  const worker = row.assignee ?? 0
  const steps = [...made.script]
  const span = row.updatedAt - row.createdAt
  return steps.map((speaker, seq) => {
    const last = seq === steps.length - 1
    const at =
      seq === 0 ? row.createdAt : last ? row.updatedAt : row.createdAt + Math.floor((span * seq) / steps.length)
    if (speaker === 'n') {
      const text = fill(made.topic.note, made.values)
      return {
        seq,
        kind: 'note',
        author: { kind: 'staff', staff: worker },
        html: paragraphs(text),
        text,
        files: [],
        at,
      }
    }
    if (speaker === 'a') {
      const name = site.staff[worker]?.name.split(' ')[0] ?? ''
      const text = [
        words.hello(who.first),
        fill(dice.pick(made.topic.answer), made.values),
        `${words.bye}\n${name}`,
      ].join('\n\n')
      return {
        seq,
        kind: 'reply',
        author: { kind: 'staff', staff: worker },
        html: paragraphs(text),
        text,
        files: [],
        at,
      }
    }
    if (seq === 0) {
      const text = [words.greeting, fill(dice.pick(made.topic.opening), made.values), `${words.bye}\n${who.name}`].join(
        '\n\n',
      )
      const body = opening(site, seed, row.index, text)
      return { seq, kind: 'reply', author: { kind: 'customer', customer: row.customer }, at, ...body }
    }
    const text = last && made.thanked ? dice.pick(words.thanks) : fill(dice.pick(made.topic.more), made.values)
    return {
      seq,
      kind: 'reply',
      author: { kind: 'customer', customer: row.customer },
      html: paragraphs(text),
      text,
      files: text.includes('attached') || text.includes('liegt bei') ? [fileOf(2 + seq)] : [],
      at,
    }
  })
}
