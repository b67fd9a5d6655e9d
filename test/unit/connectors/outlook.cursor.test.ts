import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Conversation } from '../../../main/connectors/model.ts'
import { outlook } from '../../../main/connectors/outlook/index.ts'
import { Shelf } from '../../contract/connectors/connected.ts'
import { type Script, scripted } from './scripted.ts'

/**
 * A mailbox that changes while it is read: between any two pages, mails come, are answered, flagged, filed and thrown away, and links are
 * forgotten. What the connector knows in the end must be what reading each conversation whole tells.
 */
interface Mail {
  id: string
  conversation: number
  depth: number
  out: boolean
  at: number
  modifiedAt: number
  folder: string
  flag: 'notFlagged' | 'flagged' | 'complete'
  categories: string[]
}

type Event = {
  kind: 'new' | 'answer' | 'reply' | 'flag' | 'file' | 'trash' | 'restore' | 'forget'
  at: number
  afterMs: number
}

const begin = Date.UTC(2026, 10, 20, 8)
const iso = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`
const folders = ['inbox', 'sentitems', 'archive', 'drafts', 'outbox', 'deleteditems', 'junkemail']
const address = (local: string) => ({ emailAddress: { name: local, address: `${local}@brand.example` } })

class World {
  now = begin
  mails: Mail[] = []
  /** Every change of a mail, with the folder it was in before and is in after. */
  log: { mail: Mail; from: string | null; to: string }[] = []
  forgetful = 0

  constructor(conversations: number) {
    for (let each = 0; each < conversations; each += 1) {
      const mails = 1 + (each % 4)
      for (let depth = 0; depth < mails; depth += 1)
        this.add(each, depth % 2 === 1, begin - (conversations - each + 1) * 7_200_000 + depth * 2_000_000)
    }
  }

  add(conversation: number, out: boolean, at: number): void {
    const depth = this.mails.filter((mail) => mail.conversation === conversation).length
    const folder = out ? 'sentitems' : 'inbox'
    const made: Mail = {
      ...{ id: `m${this.mails.length}`, conversation, depth, out, at, modifiedAt: at, folder },
      flag: 'notFlagged',
      categories: [],
    }
    this.mails.push(made)
    this.log.push({ mail: made, from: null, to: folder })
  }

  change(mail: Mail, change: Partial<Mail>): void {
    const from = mail.folder
    Object.assign(mail, change, { modifiedAt: this.now })
    this.log.push({ mail, from, to: mail.folder })
  }

  happen({ kind, at, afterMs }: Event): void {
    this.now += afterMs
    const mail = this.mails[at % this.mails.length]
    if (mail === undefined) return
    if (kind === 'new') this.add(1000 + this.mails.length, false, this.now)
    else if (kind === 'answer' || kind === 'reply') this.add(mail.conversation, kind === 'answer', this.now)
    else if (kind === 'flag')
      this.change(mail, { flag: at % 2 === 0 ? 'complete' : 'flagged', categories: at % 3 === 0 ? ['Late'] : [] })
    else if (kind === 'file') this.change(mail, { folder: mail.out ? mail.folder : 'archive' })
    else if (kind === 'trash') this.change(mail, { folder: 'deleteditems' })
    else if (kind === 'restore') this.change(mail, { folder: mail.out ? 'sentitems' : 'inbox' })
    else this.forgetful += 1
  }
}

function wire(mail: Mail): Record<string, unknown> {
  return {
    id: mail.id,
    conversationId: `c+/${mail.conversation}=`,
    conversationIndex: Buffer.alloc(22 + mail.depth * 5).toString('base64'),
    subject: `${mail.depth === 0 ? '' : 'RE: '}Order ${mail.conversation}`,
    bodyPreview: `Mail ${mail.id}`,
    from: mail.out ? address('care') : address(`c${mail.conversation}`),
    toRecipients: [mail.out ? address(`c${mail.conversation}`) : address('care')],
    receivedDateTime: iso(mail.at),
    lastModifiedDateTime: iso(mail.modifiedAt),
    isDraft: false,
    flag: { flagStatus: mail.flag },
    categories: mail.categories,
    parentFolderId: `id-${mail.folder}`,
    webLink: `https://outlook.office365.com/${mail.id}`,
  }
}

const pageSize = 7
const root = 'https://graph.microsoft.com/v1.0'

function mailbox(world: World): Script {
  const list = (url: URL) => {
    const filter = url.searchParams.get('$filter') ?? ''
    const [, conversation] = /^conversationId eq 'c\+\/(\d+)='$/.exec(filter) ?? []
    const [, before] = /^receivedDateTime le (.+)$/.exec(filter) ?? []
    const fits = (mail: Mail) =>
      conversation === undefined
        ? before === undefined || iso(mail.at) <= before
        : mail.conversation === Number(conversation)
    const found = world.mails.filter(fits).sort((a, b) => b.at - a.at)
    const skip = Number(url.searchParams.get('$skip') ?? 0)
    const next = new URL(url)
    next.searchParams.set('$skip', String(skip + pageSize))
    const more = skip + pageSize < found.length
    return {
      body: { value: found.slice(skip, skip + pageSize).map(wire), ...(more ? { '@odata.nextLink': next.href } : {}) },
    }
  }
  const delta = (url: URL, folder: string) => {
    const token = url.searchParams.get('token')
    if (token !== null && world.forgetful > 0) {
      world.forgetful -= 1
      return { status: 410, body: { error: { code: 'SyncStateNotFound', message: 'gone' } } }
    }
    const from = Number(token ?? 0)
    const changes = world.log.slice(from, from + pageSize)
    const rows = changes.flatMap(({ mail, from: before, to }) => {
      if (to === folder && mail.folder === folder) return [wire(mail)]
      return before === folder
        ? [{ '@odata.type': '#microsoft.graph.message', id: mail.id, '@removed': { reason: 'changed' } }]
        : []
    })
    const link = `${root}/users/care@brand.example/mailFolders/${folder}/messages/delta?token=${from + changes.length}`
    const more = from + changes.length < world.log.length
    return { body: { value: rows, [more ? '@odata.nextLink' : '@odata.deltaLink']: link } }
  }
  return ({ url }) => {
    const [, , , , what = '', id = '', , kind] = url.pathname.split('/')
    if (what === 'messages' && id === '') return list(url)
    if (what === 'messages') {
      const mail = world.mails.find((each) => each.id === id)
      return mail
        ? { body: wire(mail) }
        : { status: 404, body: { error: { code: 'ErrorItemNotFound', message: 'no' } } }
    }
    return kind === 'delta' ? delta(url, id) : { body: { id: folders.includes(id) ? `id-${id}` : id } }
  }
}

type Kind = Event['kind']
const changes: Kind[] = ['new', 'answer', 'reply', 'flag', 'file', 'trash', 'restore']
const pausesOf = (kinds: Kind[], leastMs: number) => {
  const event = fc.record({
    kind: fc.constantFrom(...kinds),
    at: fc.nat(500),
    afterMs: fc.integer({ min: leastMs, max: 40_000 }),
  })
  return fc.array(fc.array(event, { maxLength: 3 }), { maxLength: 40 })
}

async function readAll(conversations: number, happenings: Event[][]) {
  const world = new World(conversations)
  const { ctx, calls } = scripted(outlook, { mailbox: 'care@brand.example' }, mailbox(world), () => world.now)
  const shelf = new Shelf()
  let pause = 0
  const between = () => {
    for (const each of happenings[pause] ?? []) world.happen(each)
    pause += 1
  }
  await shelf.fill(outlook, ctx, between)
  while (pause < happenings.length) {
    between()
    await shelf.fill(outlook, ctx, between)
  }
  // Links are given up once an hour at most.
  world.now += 3_700_000
  await shelf.fill(outlook, ctx)
  return { world, ctx, calls, shelf }
}

const plain = (one: Conversation | null) => one && { ...one, version: 0 }

describe('reading a mailbox that changes', () => {
  const check = async (conversations: number, happenings: Event[][]) => {
    const { world, ctx, shelf } = await readAll(conversations, happenings)
    for (const id of new Set(world.mails.map((mail) => `c+/${mail.conversation}=`))) {
      const whole = await outlook.thread(ctx, id).catch(() => null)
      expect(plain(shelf.rows.get(id) ?? null)).toEqual(plain(whole?.conversation ?? null))
    }
  }
  const size = fc.integer({ min: 1, max: 30 })

  it('knows in the end what reading each conversation whole tells', async () => {
    await fc.assert(fc.asyncProperty(size, pausesOf(changes, 0), check), { numRuns: 40 })
  }, 60_000)

  it('knows it also when a link was forgotten meanwhile', async () => {
    // Times have whole seconds, so that of two changes within one only the links can tell.
    const withLoss = fc.tuple(pausesOf(changes, 1000), fc.nat(30)).map(([list, place]): Event[][] => {
      const forget: Event = { kind: 'forget', at: 0, afterMs: 1000 }
      return list.map((each, index) => (index === place ? [...each, forget] : each))
    })
    await fc.assert(fc.asyncProperty(size, withLoss, check), { numRuns: 40 })
  }, 60_000)

  it('asks for a conversation of its own only where it began on an older page', async () => {
    const { calls, world } = await readAll(60, [])
    const whole = calls.filter(
      ({ url }) => url.searchParams.get('$filter')?.startsWith('conversationId') && !url.searchParams.has('$skip'),
    )
    expect(world.mails.length).toBeGreaterThan(140)
    expect(whole.length).toBeLessThan(60)
    expect(new Set(whole.map(({ url }) => url.searchParams.get('$filter'))).size).toBeGreaterThan(5)
  })

  it('gets past more mails of one second than a page holds', async () => {
    const world = new World(0)
    for (let each = 0; each < 40; each += 1) world.add(each, false, begin - (each < 30 ? 60_000 : 120_000))
    const { ctx } = scripted(outlook, { mailbox: 'care@brand.example' }, mailbox(world), () => world.now)
    const shelf = new Shelf()
    await shelf.fill(outlook, ctx)
    expect(shelf.rows.size).toBe(40)
  })

  it('gives up a forgotten link once an hour, then says what is wrong', async () => {
    const { world, ctx, shelf } = await readAll(5, [])
    world.forgetful = 1
    await shelf.fill(outlook, ctx)
    world.forgetful = 1
    await expect(outlook.pull(ctx, shelf.cursor)).rejects.toMatchObject({ code: 'vendor_not_found' })
    world.now += 3_700_000
    world.forgetful = 1
    await shelf.fill(outlook, ctx)
    expect(shelf.rows.size).toBe(5)
  })

  it.each(['', '{', '{"phase":"follow"}', '[]', '{"phase":"fill","turn":9}'])(
    'starts over from a cursor like %j',
    async (text) => {
      const { ctx } = await readAll(3, [])
      const page = await outlook.pull(ctx, text)
      expect(page.conversations).toHaveLength(3)
      expect(page.more).toBe(true)
    },
  )
})
