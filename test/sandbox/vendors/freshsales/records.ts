import { json, type Reply } from '../../exchange.ts'
import { escapeHtml } from '../../html.ts'
import { type Call, cut, includes, ownerOf, pathContact, pathIndex, wrapped } from './call.ts'
import { refuse } from './errors.ts'
import { beside } from './lists.ts'

export function showDeal(call: Call): Reply {
  const index = pathIndex(call, 'deal')
  const wanted = includes(call)
  const sent = call.store.entries(index).filter((entry) => entry.kind === 'reply' && entry.author.kind === 'staff')
  const activities = sent.map((entry) => call.wire.activity(index, entry))
  return json(200, {
    ...beside(call, [index], wanted),
    ...(wanted.includes('sales_activities') ? { sales_activities: activities } : {}),
    deal: { ...call.wire.deal(index), ...call.wire.dealLinks(index, wanted) },
  })
}

function tagsOf(value: unknown): string[] {
  if (!Array.isArray(value) || value.some((tag) => typeof tag !== 'string')) throw refuse.invalid('Tags are not valid')
  return value
}

/** PUT: only fields that are known, and a stage of the deal's own pipeline. */
export function updateDeal(call: Call): Reply {
  const index = pathIndex(call, 'deal')
  const { deal_stage_id: stage, owner_id: owner, tags, ...rest } = wrapped(call, 'deal')
  const [strange] = Object.keys(rest)
  if (strange) throw refuse.invalid(`${strange} is not a field`)
  const known = call.store.spec.statuses.find((status) => status.id === String(stage))
  const other = (id: string) => Number(id) % 1000 > 200
  if (stage !== undefined && (!known || other(known.id) !== (call.wire.pipeline(index) === 2)))
    throw refuse.invalid('Deal stage does not belong to the pipeline')
  if (known?.label === 'Lost' && call.store.row(index).tags.includes('needs-reason'))
    throw refuse.invalid("Deal reason can't be blank")
  call.store.change(index, {
    ...(known ? { status: known.id } : {}),
    ...(owner === undefined ? {} : { assignee: ownerOf(call, owner) }),
    ...(tags === undefined ? {} : { tags: tagsOf(tags) }),
  })
  return json(200, { deal: { ...call.wire.deal(index), ...call.wire.dealLinks(index, ['owner']) } })
}

export function showTask(call: Call): Reply {
  const index = pathIndex(call, 'task')
  const wanted = includes(call)
  return json(200, { ...beside(call, [index], wanted), task: { ...call.wire.task(index), ...call.wire.target(index) } })
}

export function updateTask(call: Call): Reply {
  const index = pathIndex(call, 'task')
  const { status, owner_id: owner, ...rest } = wrapped(call, 'task')
  const [strange] = Object.keys(rest)
  if (strange) throw refuse.invalid(`${strange} is not a field`)
  if (status !== undefined && status !== 0 && status !== 1) throw refuse.invalid('Status is not valid')
  const kind = call.store.firstStatus(status === 1 ? 'solved' : 'open')
  call.store.change(index, {
    ...(status === undefined || !kind ? {} : { status: kind.id }),
    ...(owner === undefined ? {} : { assignee: ownerOf(call, owner) }),
  })
  return json(200, { task: call.wire.task(index) })
}

export const showContact = (call: Call): Reply => json(200, { contact: call.wire.contact(pathContact(call)) })

export function updateContact(call: Call): Reply {
  const number = pathContact(call)
  const { owner_id: owner, tags, ...rest } = wrapped(call, 'contact')
  const [strange] = Object.keys(rest)
  if (strange) throw refuse.invalid(`${strange} is not a field`)
  const place = owner === undefined ? undefined : ownerOf(call, owner)
  const list = tags === undefined ? undefined : tagsOf(tags)
  const change = call.wire.changeContact(number)
  if (place !== undefined) change.owner = place
  if (list !== undefined) change.tags = list
  return json(200, { contact: call.wire.contact(number) })
}

const notesPage = (call: Call, notes: Record<string, unknown>[]): Reply => {
  const { items, meta } = cut(call, notes)
  return json(200, { notes: items, users: call.store.spec.staff.map((_, place) => call.wire.user(place)), meta })
}

export function dealNotes(call: Call): Reply {
  const index = pathIndex(call, 'deal')
  const notes = call.store.entries(index).filter((entry) => entry.kind === 'note')
  return notesPage(
    call,
    notes.reverse().map((entry) => call.wire.note(index, entry)),
  )
}

export const contactNotes = (call: Call): Reply => notesPage(call, call.wire.contactNotes(pathContact(call)))

/** POST /notes on a deal or a contact. */
export function createNote(call: Call): Reply {
  const { description, targetable_type: type, targetable_id: id } = wrapped(call, 'note')
  if (typeof description !== 'string' || description === '') throw refuse.invalid("Description can't be blank")
  if (type === 'Contact') {
    const number = call.wire.contactNumber(Number(id))
    if (!(number >= 0 && number < call.store.customers)) throw refuse.notFound()
    const change = call.wire.changeContact(number)
    const note = { id: call.wire.noteId(900_000 + number, change.notes.length), staff: call.staff, text: description }
    change.notes.push({ ...note, at: change.updatedAt })
    return json(200, { note: call.wire.contactNotes(number).at(-1) })
  }
  const index = type === 'Deal' ? call.wire.indexOf(Number(id), 'deal') : undefined
  if (index === undefined) throw refuse.notFound()
  const html = `<p>${escapeHtml(description)}</p>`
  const entry = call.store.receive(index, 'note', call.staff, { html, text: description })
  return json(200, { note: call.wire.note(index, entry) })
}
