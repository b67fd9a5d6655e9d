/** Versions stand in one place: paths of versions 1 to 3 become unsupported around September 2027. */
const conversations = 'conversations/v3/conversations'

const part = (id: string) => encodeURIComponent(id)

export const paths = {
  account: 'account-info/v3/details',
  inboxes: `${conversations}/inboxes`,
  threads: `${conversations}/threads`,
  thread: (id: string) => `${conversations}/threads/${part(id)}`,
  messages: (id: string) => `${conversations}/threads/${part(id)}/messages`,
  originalContent: (id: string, message: string) =>
    `${conversations}/threads/${part(id)}/messages/${part(message)}/original-content`,
  /** The word really stands there twice. */
  assignee: (id: string) => `conversations/conversations/v3/threads/${part(id)}/assignee`,
  actors: `${conversations}/actors/batch/read`,
  tickets: 'crm/v3/objects/tickets',
  ticket: (id: string) => `crm/v3/objects/tickets/${part(id)}`,
  ticketSearch: 'crm/v3/objects/tickets/search',
  ticketBatch: 'crm/v3/objects/tickets/batch/read',
  contactBatch: 'crm/v3/objects/contacts/batch/read',
  notes: 'crm/v3/objects/notes',
  owners: 'crm/v3/owners',
  pipelines: 'crm/v3/pipelines/tickets',
  signedUrl: (fileId: string) => `files/v3/files/${part(fileId)}/signed-url`,
}
