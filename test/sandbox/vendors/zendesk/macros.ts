import { json, type Reply } from '../../exchange.ts'
import { escapeHtml, htmlToText } from '../../html.ts'
import { type Call, ticketIndex } from './call.ts'
import { refuse } from './errors.ts'
import { cursorList } from './pages.ts'

interface Action {
  field: string
  value: unknown
}

interface MacroSpec {
  title: string
  active: boolean
  actions: Action[]
}

/** The prepared answers of every site, in the forms the vendor knows: HTML, a text for one channel, tags that replace, a macro without words. */
const specs: MacroSpec[] = [
  {
    title: 'Parcel::On its way',
    active: true,
    actions: [
      {
        field: 'comment_value_html',
        value:
          '<p>Hello {{ticket.requester.first_name}},</p><p>your parcel left us today.</p><p>{{current_user.name}}</p>',
      },
      { field: 'comment_mode_is_public', value: 'true' },
      { field: 'status', value: 'pending' },
      { field: 'current_tags', value: 'shipped informed' },
    ],
  },
  {
    title: 'Take over',
    active: true,
    actions: [
      { field: 'comment_value', value: ['channel:all', 'I look into ticket {{ticket.id}} myself.'] },
      { field: 'comment_mode_is_public', value: 'false' },
      { field: 'priority', value: 'urgent' },
      { field: 'assignee_id', value: 'current_user' },
    ],
  },
  {
    title: 'Known fault',
    active: true,
    actions: [
      { field: 'comment_value', value: 'We know of this fault and are at it.' },
      { field: 'set_tags', value: 'known_fault' },
      { field: 'status', value: 'solved' },
    ],
  },
  { title: 'To the second group', active: true, actions: [{ field: 'group_id', value: '1' }] },
  { title: 'Retired', active: false, actions: [{ field: 'status', value: 'solved' }] },
]

const idOf = (call: Call, place: number) => call.wire.ids.brand(0) + 1000 + place

function toWire(call: Call, { title, active, actions }: MacroSpec, place: number): Record<string, unknown> {
  const id = idOf(call, place)
  return {
    url: `https://${call.store.spec.host}/api/v2/macros/${id}.json`,
    id,
    title,
    active,
    actions,
    position: place + 1,
    description: null,
    restriction: null,
    default: false,
    raw_title: title,
    created_at: '2024-03-01T09:00:00Z',
    updated_at: '2024-03-01T09:00:00Z',
  }
}

/** GET /api/v2/macros/active: the active ones, for every agent. */
export function listActiveMacros(call: Call): Reply {
  const all = specs.map((spec, place) => toWire(call, spec, place)).filter((macro) => macro.active)
  const { items, meta, links } = cursorList(call, all)
  return json(200, { macros: items, meta, links })
}

/** GET /api/v2/tickets/{id}/macros/{macro}/apply: the ticket as it would be. Nothing is changed. */
export function applyMacro(call: Call): Reply {
  const index = ticketIndex(call)
  const spec = specs.find((_, place) => idOf(call, place) === Number((call.params.macro ?? '').replace(/\.json$/, '')))
  if (!spec) throw refuse.notFound()
  const ticket = spec.actions.reduce((after, action) => changed(call, after, action), call.wire.ticket(index))
  const comment = commentOf(call, index, spec.actions)
  return json(200, { result: { ticket: { ...ticket, ...(comment ? { comment } : {}) } } })
}

const words = (value: unknown) => String(value).split(' ')
const tagsOf = (ticket: Record<string, unknown>) => (Array.isArray(ticket.tags) ? ticket.tags.map(String) : [])

function changed(call: Call, ticket: Record<string, unknown>, { field, value }: Action): Record<string, unknown> {
  switch (field) {
    case 'status': {
      const status = call.store.firstStatus(value === 'solved' ? 'solved' : 'pending')
      return { ...ticket, status: value, custom_status_id: Number(status?.id) }
    }
    case 'priority':
      return { ...ticket, priority: value }
    case 'assignee_id':
      return { ...ticket, assignee_id: call.wire.ids.staff(call.staff) }
    case 'set_tags':
      return { ...ticket, tags: words(value) }
    case 'current_tags':
      return { ...ticket, tags: [...new Set([...tagsOf(ticket), ...words(value)])] }
    default:
      return ticket
  }
}

function commentOf(call: Call, index: number, actions: Action[]): Record<string, unknown> | undefined {
  const action = actions.find(({ field }) => field.startsWith('comment_value'))
  if (!action) return undefined
  const text = Array.isArray(action.value) ? String(action.value.at(-1)) : String(action.value)
  const isHtml = action.field === 'comment_value_html'
  const filled = fillIn(call, index, text, isHtml ? escapeHtml : (value) => value)
  const body = isHtml ? htmlToText(filled) : filled
  const isPublic = actions.find(({ field }) => field === 'comment_mode_is_public')?.value !== 'false'
  return {
    body,
    html_body: isHtml ? filled : `<p>${escapeHtml(filled)}</p>`,
    public: isPublic,
    scoped_body: [['channel:all', body]],
  }
}

function fillIn(call: Call, index: number, text: string, write: (value: string) => string): string {
  const customer = call.store.customer(call.store.row(index).customer)
  const values: Record<string, string> = {
    'ticket.id': String(call.wire.ids.ticket(index)),
    'ticket.requester.first_name': customer.first,
    'current_user.name': call.store.spec.staff[call.staff]?.name ?? '',
  }
  return text.replace(/\{\{([a-z_.]+)\}\}/g, (whole, name: string) => {
    const value = values[name]
    return value === undefined ? whole : write(value)
  })
}
