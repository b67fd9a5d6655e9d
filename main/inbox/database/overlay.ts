import type { Command, Conversation, Directory, StatusOption } from '../../connectors/model.ts'

/** What a command can change about a conversation. */
export type Changeable = Pick<Conversation, 'status' | 'vendorStatus' | 'priority' | 'assigneeVendorId' | 'tags'>

const labels: Record<Conversation['status'], string> = {
  new: 'New',
  open: 'Open',
  pending: 'Pending',
  on_hold: 'On hold',
  solved: 'Solved',
  closed: 'Closed',
}

/** The conversation as it will be once the vendor has carried out the commands: shown until then, and taken back if it never happens. */
export function withCommands(base: Changeable, commands: Command[], statuses: StatusOption[]): Changeable {
  let shown = base
  for (const command of commands) shown = withCommand(shown, command, statuses)
  return shown
}

function withCommand(shown: Changeable, command: Command, statuses: StatusOption[]): Changeable {
  switch (command.kind) {
    case 'status':
      return { ...shown, status: command.status, vendorStatus: statusOf(command, statuses) }
    case 'priority':
      return { ...shown, priority: command.priority }
    case 'assign':
      return { ...shown, assigneeVendorId: command.assigneeVendorId }
    case 'tags': {
      const kept = shown.tags.filter((tag) => !command.remove.includes(tag))
      return { ...shown, tags: [...kept, ...command.add.filter((tag) => !kept.includes(tag))] }
    }
    case 'reply':
    case 'note':
      return shown
  }
}

function statusOf(command: Extract<Command, { kind: 'status' }>, statuses: StatusOption[]): Changeable['vendorStatus'] {
  const wanted = command.vendorStatusId
  const option = statuses.find((one) => (wanted === null ? one.status === command.status : one.id === wanted))
  return option ? { id: option.id, label: option.label } : { id: wanted ?? '', label: labels[command.status] }
}

export function changeableOf(conversation: Conversation): Changeable {
  const { status, vendorStatus, priority, assigneeVendorId, tags } = conversation
  return { status, vendorStatus, priority, assigneeVendorId, tags }
}

export function statusesOf(directory: string | null): StatusOption[] {
  if (directory === null) return []
  const parsed: Pick<Directory, 'statuses'> = JSON.parse(directory)
  return parsed.statuses
}
