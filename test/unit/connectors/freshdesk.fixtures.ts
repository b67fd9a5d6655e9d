/** Payloads in our own words and values, after https://developers.freshdesk.com/api/. */

export const ticket = {
  id: 5120,
  subject: 'The red car has three wheels',
  description: '<div>One <b>wheel</b> is missing.</div>',
  description_text: 'One wheel is missing.',
  status: 7,
  priority: 3,
  source: 9,
  type: 'Problem',
  requester_id: 43_010_000_077,
  requester: {
    id: 43_010_000_077,
    name: 'Mara Lind',
    email: 'mara@customer.example',
    phone: null,
    mobile: 4_670_000_000,
  },
  responder_id: 43_010_000_501,
  group_id: 12,
  product_id: 61_000_003,
  company_id: null,
  tags: ['wheel', 'gift'],
  stats: { agent_responded_at: '2026-11-03T08:00:00Z', requester_responded_at: '2026-11-03T09:00:00Z' },
  due_by: '2026-11-05T16:00:00Z',
  fr_due_by: '2026-11-03T16:00:00Z',
  created_at: '2026-11-02T08:00:00+01:00',
  updated_at: '2026-11-03T09:30:00Z',
  spam: false,
  custom_fields: { cf_model: 'R-3' },
  structured_description: { description_contents: [] },
  attachments: [
    {
      ...{ id: 5, name: 'car.jpg', content_type: 'image/jpeg', size: 4_096 },
      attachment_url: 'https://files.example/car.jpg?Signature=x',
    },
  ],
}

export const entry = {
  id: 9_000_000_001,
  user_id: 43_010_000_077,
  ticket_id: 5120,
  source: 0,
  incoming: true,
  private: false,
  body: '<div>Any news?</div>',
  body_text: 'Any news?',
  from_email: '"Mara Lind" <mara@customer.example>',
  support_email: 'help@brand.example',
  to_emails: ['help@brand.example'],
  attachments: [],
  last_edited_at: null,
  created_at: '2026-11-03T09:00:00Z',
  updated_at: '2026-11-03T09:00:00Z',
}

export const agent = {
  id: 43_010_000_501,
  ticket_scope: 1,
  type: 'support_agent',
  deactivated: false,
  contact: { name: 'Rita Vale', email: 'rita@brand.example', active: true, job_title: 'Toy doctor', phone: null },
}

/** A status field with a renamed, two usual and two own statuses. */
export const statusField = {
  id: 3,
  name: 'status',
  type: 'default_status',
  label: 'Status',
  choices: {
    '2': ['Open', 'Being Processed'],
    '5': ['Done for good', 'Closed'],
    '6': ['Waiting on Customer', 'Awaiting your Reply'],
    '7': ['In the workshop', 'In the workshop'],
    '8': ['On hold', 'On hold'],
  },
}
