/** What a described call proves: the operation that reads its answer, and the commands it carries out. */
const proofs: Record<string, Record<string, string[]>> = {
  zendesk: {
    listTickets: ['list_tickets'],
    exportTicketsCursor: ['incremental_tickets'],
    showTicket: ['show_ticket'],
    updateTicket: ['update_ticket', 'reply', 'note', 'status', 'priority', 'assign'],
    addTicketTags: ['tags'],
    listComments: ['ticket_comments'],
    listUsers: ['list_users'],
    showSelf: ['show_self'],
    listGroups: ['list_groups'],
    listCustomStatuses: ['list_custom_statuses'],
  },
  hubspot: {
    listTickets: ['list_tickets'],
    searchTickets: ['search_tickets'],
    readTickets: ['read_tickets'],
    getTicket: ['get_ticket'],
    updateTicket: ['update_ticket', 'status', 'priority', 'assign'],
    listThreads: ['conversation_threads'],
    getThread: ['get_thread'],
    listMessages: ['conversation_messages'],
    sendMessage: ['send_message', 'reply', 'note'],
    readContacts: ['read_contacts'],
    readActors: ['read_actors'],
    listOwners: ['list_owners'],
    listPipelines: ['list_ticket_pipelines'],
    listInboxes: ['list_inboxes'],
  },
}

/** Of the described calls that a test has met: what they prove, and which of the vendor's are missing. */
export function describedOperations(vendor: string, met: { has(operationId: string): boolean }) {
  const known = Object.entries(proofs[vendor] ?? {})
  return {
    missing: known.flatMap(([operationId]) => (met.has(operationId) ? [] : [operationId])),
    names: known.flatMap(([operationId, names]) => (met.has(operationId) ? names : [])),
  }
}
