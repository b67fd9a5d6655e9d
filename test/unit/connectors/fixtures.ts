/** Payloads in our own words and values, written from the vendors' documentation. */

export const zendeskTicket = {
  url: 'https://acme.zendesk.com/api/v2/tickets/81.json',
  id: 81,
  external_id: null,
  via: {
    channel: 'email',
    source: { from: { address: 'rosa@customer.example', name: 'Rosa Lind' }, to: {}, rel: null },
  },
  created_at: '2026-11-02T08:00:00Z',
  updated_at: '2026-11-03T09:30:00Z',
  generated_timestamp: 1793698210,
  type: 'problem',
  subject: 'The zip of my tent is stuck',
  raw_subject: 'The zip of my tent is stuck',
  description: 'Hello,\n\nthe zip   does not move any more.',
  priority: 'high',
  status: 'hold',
  custom_status_id: 7001,
  requester_id: 900,
  assignee_id: 501,
  group_id: 31,
  brand_id: 11,
  tags: ['tent', 'warranty'],
  due_at: null,
  custom_fields: [{ id: 1, value: 'A-17' }],
  fields: [{ id: 1, value: 'A-17' }],
  is_public: true,
  collaborator_ids: [],
}

export const zendeskUsers = [
  { id: 900, name: 'Rosa Lind', email: 'rosa@customer.example', phone: '+46 8 000', role: 'end-user', active: true },
  { id: 501, name: 'Mia Berg', email: 'mia@brand.example', phone: null, role: 'agent', active: true },
]

export const zendeskComment = {
  id: 3301,
  type: 'Comment',
  author_id: 900,
  public: true,
  body: 'Here it is',
  html_body: '<div><p>Here it is</p></div>',
  plain_body: 'Here it is',
  attachments: [
    {
      id: 61,
      file_name: 'zip.jpg',
      content_url: 'https://acme.zendesk.com/attachments/token/abc/?name=zip.jpg',
      content_type: 'image/jpeg',
      size: 4821,
      inline: false,
      deleted: false,
    },
    { id: 62, file_name: 'gone.jpg', content_url: 'https://acme.zendesk.com/x', deleted: true },
  ],
  audit_id: 1,
  via: { channel: 'email' },
  metadata: { system: { client: 'mail' } },
  created_at: '2026-11-02T08:00:00Z',
}

export const freshserviceTicket = {
  id: 4021,
  subject: 'No network on floor 3',
  description: '<div>The wall socket is <b>dead</b>.</div>',
  description_text: 'The wall socket is dead.',
  status: 6,
  priority: 3,
  source: 9,
  type: 'Incident',
  requester_id: 7700,
  requester: {
    id: 7700,
    first_name: 'Jon',
    last_name: 'Aas',
    email: 'jon@staff.example',
    phone: null,
    mobile: 4790000000,
  },
  responder_id: 501,
  group_id: 12,
  workspace_id: 3,
  tags: ['network'],
  due_by: '2026-11-05T16:00:00Z',
  created_at: '2026-11-02T08:00:00+01:00',
  updated_at: '2026-11-03T09:30:00Z',
  spam: false,
  deleted: false,
  custom_fields: { floor: 3 },
  attachments: [
    {
      id: 5,
      name: 'socket.png',
      content_type: 'image/png',
      file_size: 99,
      attachment_url: 'https://storage.example/socket.png',
    },
  ],
}

export const freshserviceEntry = {
  id: 90_001,
  user_id: 7700,
  ticket_id: 4021,
  source: 0,
  incoming: true,
  private: false,
  body: '<div>Any news?</div>',
  body_text: 'Any news?',
  from_email: '"Jon Aas" <jon@staff.example>',
  support_email: 'it@brand.example',
  attachments: [],
  created_at: '2026-11-03T10:00:00Z',
}

export const hubspotTicket = {
  id: '9001',
  properties: {
    subject: 'Booking 77 was charged twice',
    content: 'My card shows <b>two</b> payments.',
    hs_pipeline: '0',
    hs_pipeline_stage: '2',
    hs_ticket_priority: 'MEDIUM',
    hs_ticket_category: 'BILLING_ISSUE',
    hubspot_owner_id: '41',
    source_type: 'FORM',
    createdate: '2026-11-02T08:00:00.000Z',
    hs_lastmodifieddate: '2026-11-03T09:30:00.250Z',
    hs_object_id: '9001',
  },
  createdAt: '2026-11-02T08:00:00.000Z',
  updatedAt: '2026-11-03T09:30:00.250Z',
  archived: false,
  url: 'https://app-eu1.hubspot.com/contacts/4400/record/0-5/9001',
  associations: { contacts: { results: [{ id: '251', type: 'ticket_to_contact' }] } },
}

export const hubspotThread = {
  id: '6155979',
  status: 'OPEN',
  inboxId: '431',
  originalChannelId: '1002',
  originalChannelAccountId: '77',
  associatedContactId: '251',
  assignedTo: 'A-501',
  spam: false,
  archived: false,
  createdAt: '2026-11-02T08:00:00Z',
  latestMessageTimestamp: '2026-11-03T11:00:00Z',
  latestMessageReceivedTimestamp: '2026-11-03T11:00:00Z',
  latestMessageSentTimestamp: '2026-11-02T10:00:00Z',
  threadAssociations: { associatedTicketId: '9001' },
}

export const hubspotMessage = {
  type: 'MESSAGE',
  id: 'a1b2',
  conversationsThreadId: '6155979',
  createdAt: '2026-11-03T11:00:00Z',
  updatedAt: '2026-11-03T11:00:00Z',
  createdBy: 'V-251',
  client: { clientType: 'HUBSPOT' },
  senders: [
    {
      actorId: 'V-251',
      name: 'Ann Roe',
      senderField: 'FROM',
      deliveryIdentifier: { type: 'HS_EMAIL_ADDRESS', value: 'ann@customer.example' },
    },
  ],
  recipients: [],
  text: 'Hello',
  richText: '<p>Hello</p>',
  subject: 'Booking 77',
  attachments: [
    {
      type: 'FILE',
      fileId: '123',
      name: 'card.png',
      url: 'https://api.hubapi.com/filemanager/123',
      fileUsageType: 'IMAGE',
    },
    { type: 'QUICK_REPLIES' },
  ],
  truncationStatus: 'NOT_TRUNCATED',
  status: { statusType: 'RECEIVED' },
  direction: 'INCOMING',
  channelId: '1002',
  channelAccountId: '77',
}

export const hubspotContact = {
  id: '251',
  properties: { email: 'ann@customer.example', firstname: 'Ann', lastname: 'Roe', phone: null },
}
