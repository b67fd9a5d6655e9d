import type { Entry, StoredFile } from '../../content/conversations.ts'
import type { SiteStore } from '../../content/site-store.ts'
import { freshserviceSites } from './sites.ts'

export const storageHost = 's3.amazonaws.com'

function iso(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

const priorities = { low: 1, normal: 2, high: 3, urgent: 4 } as const
const sources = { email: 1, web: 2, chat: 4 } as const

/** Rows and entries of one site in Freshservice's wire format. */
export class FreshserviceWire {
  readonly store: SiteStore
  readonly #base: number

  constructor(store: SiteStore) {
    this.store = store
    this.#base = 21_000_000_000 + freshserviceSites.findIndex((site) => site.id === store.spec.id) * 100_000_000_000
  }

  agentId = (place: number) => this.#base + 49_001 + place
  agentPlace = (id: number) => id - this.#base - 49_001
  groupId = (place: number) => this.#base + 61_001 + place
  groupPlace = (id: number) => id - this.#base - 61_001
  /** Workspaces are numbered from 2 at every site. */
  workspaceId = (place: number) => 2 + place
  requesterId = (number: number) => this.#base + 1_000_001 + number
  requesterNumber = (id: number) => id - this.#base - 1_000_001
  entryId = (index: number, seq: number) => this.#base + 10_000_000_000 + index * 1000 + seq
  fileId = (index: number, seq: number, place: number) => this.#base * 10 + (index * 1000 + seq) * 10 + place
  filePlace = (id: number) => {
    const rest = id - this.#base * 10
    return { index: Math.floor(rest / 10_000), seq: Math.floor(rest / 10) % 1000, place: rest % 10 }
  }

  ticket(index: number): Record<string, unknown> {
    const row = this.store.row(index)
    const first = this.store.entries(index)[0]
    return {
      subject: row.subject,
      group_id: row.group === null ? null : this.groupId(row.group),
      department_id: null,
      category: null,
      sub_category: null,
      item_category: null,
      requester_id: this.requesterId(row.customer),
      responder_id: row.assignee === null ? null : this.agentId(row.assignee),
      due_by: iso(row.createdAt + 3 * 86_400_000),
      fr_escalated: false,
      deleted: this.store.hidden.get(index) === 'deleted',
      spam: row.spam,
      email_config_id: null,
      fwd_emails: [],
      reply_cc_emails: [],
      cc_emails: [],
      is_escalated: false,
      fr_due_by: iso(row.createdAt + 86_400_000),
      id: index + 1,
      priority: priorities[row.priority ?? 'normal'],
      status: Number(row.status),
      source: sources[row.channel],
      created_at: iso(row.createdAt),
      updated_at: iso(row.updatedAt),
      requested_for_id: this.requesterId(row.customer),
      to_emails: row.channel === 'email' ? [this.store.spec.supportEmail] : null,
      type: row.index % 4 === 0 ? 'Service Request' : 'Incident',
      description: first ? this.#body(index, first) : '',
      description_text: first?.text ?? '',
      custom_fields: {},
      ...(this.store.spec.brands.length > 1 ? { workspace_id: this.workspaceId(row.brand) } : {}),
    }
  }

  /** What `include=stats` adds. */
  stats(index: number): Record<string, unknown> {
    const row = this.store.row(index)
    const answered = this.store.entries(index).find((entry) => entry.kind === 'reply' && entry.author.kind === 'staff')
    const done = ['solved', 'closed'].includes(this.store.status(row.status).kind)
    return {
      created_at: iso(row.createdAt),
      updated_at: iso(row.updatedAt),
      ticket_id: index + 1,
      first_responded_at: answered ? iso(answered.at) : null,
      resolved_at: done ? iso(row.updatedAt) : null,
      closed_at: this.store.status(row.status).kind === 'closed' ? iso(row.updatedAt) : null,
    }
  }

  conversation(index: number, entry: Entry): Record<string, unknown> {
    const row = this.store.row(index)
    const incoming = entry.author.kind === 'customer'
    const note = entry.kind === 'note'
    const customer = this.store.customer(row.customer)
    const support = this.store.spec.supportEmail
    return {
      id: this.entryId(index, entry.seq),
      user_id:
        entry.author.kind === 'staff'
          ? this.agentId(entry.author.staff)
          : this.requesterId(incoming && entry.author.kind === 'customer' ? entry.author.customer : row.customer),
      ticket_id: index + 1,
      source: note ? 2 : 0,
      incoming,
      private: note,
      body: this.#body(index, entry),
      body_text: entry.text,
      support_email: note ? null : support,
      from_email: note ? null : incoming ? `"${customer.name}" <${customer.email}>` : support,
      to_emails: note ? [] : incoming ? [support] : [customer.email],
      cc_emails: [],
      bcc_emails: note ? null : [],
      attachments: this.attachments(index, entry),
      created_at: iso(entry.at),
      updated_at: iso(entry.at),
    }
  }

  attachments(index: number, entry: Entry): Record<string, unknown>[] {
    return entry.files.flatMap((file, place) =>
      file.inline ? [] : [this.#attachment(this.fileId(index, entry.seq, place), file, entry.at)],
    )
  }

  requester(number: number): Record<string, unknown> {
    const person = this.store.customer(number)
    return {
      id: this.requesterId(number),
      first_name: person.first,
      last_name: person.last,
      primary_email: person.email,
      secondary_emails: [],
      work_phone_number: person.phone,
      mobile_phone_number: null,
      department_ids: [],
      location_id: null,
      job_title: null,
      language: person.language,
      time_zone: 'Berlin',
      active: true,
      created_at: '2024-03-01T09:00:00Z',
      updated_at: '2025-11-20T10:00:00Z',
    }
  }

  agent(place: number): Record<string, unknown> {
    const person = this.store.spec.staff[place]
    if (!person) throw new Error(`no agent ${place}`)
    const [first = '', ...rest] = person.name.split(' ')
    const groups = this.store.spec.groups.flatMap((group, at) =>
      group.members.includes(place) ? [this.groupId(at)] : [],
    )
    const role = this.#base + (person.role === 'admin' ? 49_414 : 49_417)
    return {
      active: true,
      address: null,
      auto_assign_status_changed_at: null,
      auto_assign_tickets: true,
      background_information: null,
      can_see_all_tickets_from_associated_departments: false,
      created_at: '2024-03-01T09:00:00Z',
      custom_fields: {},
      department_ids: [],
      email: person.email,
      external_id: null,
      first_name: first,
      has_logged_in: true,
      id: this.agentId(place),
      job_title: null,
      language: 'en',
      last_active_at: null,
      last_login_at: null,
      last_name: rest.join(' '),
      location_id: null,
      mobile_phone_number: null,
      occasional: person.role === 'light',
      reporting_manager_id: null,
      role_ids: [role],
      roles: [{ role_id: role, assignment_scope: 'entire_helpdesk', groups: [] }],
      scopes: { ticket: null, problem: null, change: null, asset: null, solution: null, contract: null },
      scoreboard_level_id: null,
      scoreboard_points: null,
      signature: null,
      time_format: '24h',
      time_zone: 'Berlin',
      updated_at: '2025-11-20T10:00:00Z',
      vip_user: false,
      work_phone_number: null,
      group_ids: groups,
      member_of: groups,
      observer_of: [],
      member_of_pending_approval: [],
      observer_of_pending_approval: [],
    }
  }

  group(place: number): Record<string, unknown> {
    const group = this.store.spec.groups[place]
    if (!group) throw new Error(`no group ${place}`)
    const members = group.members.map((member) => this.agentId(member))
    return {
      id: this.groupId(place),
      name: group.name,
      description: null,
      escalate_to: null,
      unassigned_for: null,
      business_hours_id: null,
      created_at: '2024-03-01T09:00:00Z',
      updated_at: '2024-03-01T09:00:00Z',
      auto_ticket_assign: false,
      restricted: false,
      approval_required: false,
      ocs_schedule_id: null,
      agent_ids: members,
      members,
      observers: [],
      leaders: [],
      members_pending_approval: [],
      leaders_pending_approval: [],
      observers_pending_approval: [],
    }
  }

  #body(index: number, entry: Entry): string {
    const html = entry.html.replace(/cid:[^"'\s>]+/g, () => {
      const place = entry.files.findIndex((file) => file.inline)
      return `https://${this.store.spec.host}/inline/attachment?token=${this.fileId(index, entry.seq, place).toString(36)}`
    })
    return `<div>${html}</div>`
  }

  #attachment(id: number, file: StoredFile, at: number): Record<string, unknown> {
    const path = `/cdn.freshservice.com/data/helpdesk/attachments/production/${id}/original/${encodeURIComponent(file.name)}`
    return {
      id,
      name: file.name,
      content_type: file.contentType,
      size: file.bytes.length,
      attachment_url: `https://${storageHost}${path}?X-Amz-Expires=86400&X-Amz-Signature=${id.toString(36)}`,
      created_at: iso(at),
      updated_at: iso(at),
    }
  }
}
