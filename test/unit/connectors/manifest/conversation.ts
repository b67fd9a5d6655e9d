import type { Conversation } from '../../../../main/connectors/model.ts'

export const conversation = (part: Partial<Conversation> = {}): Conversation => ({
  vendorId: '1',
  version: 1,
  subject: 'A question',
  preview: '',
  status: 'open',
  vendorStatus: { id: 'open', label: 'Open' },
  priority: null,
  channel: 'other',
  customer: { vendorId: null, name: null, email: null, phone: null },
  assigneeVendorId: null,
  groupVendorId: null,
  tags: [],
  brandKey: null,
  createdAt: 1,
  updatedAt: 1,
  lastMessageBy: null,
  dueAt: null,
  url: 'https://tallybook.example/1',
  vendor: {},
  ...part,
})
