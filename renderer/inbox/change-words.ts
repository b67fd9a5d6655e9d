import type { DirectoryView, OutboxItem } from '../../preload/contract.ts'
import { priorityNames, statusNames } from './status-mark.tsx'

/** What a command does, in a few words. The directory of its account knows the names that ids stand for. */
export function changeWords(command: OutboxItem['command'], directory?: DirectoryView): string {
  switch (command.kind) {
    case 'reply':
      return `Reply: ${command.bodyText}`
    case 'compose':
      return `E-mail to ${command.to.email}: ${command.bodyText}`
    case 'note':
      return `Note: ${command.bodyText}`
    case 'status': {
      const own = directory?.statuses.find(({ id }) => id === command.vendorStatusId)
      return `Set status to ${own?.label ?? statusNames[command.status]}`
    }
    case 'priority':
      return `Set priority to ${priorityNames[command.priority]}`
    case 'assign': {
      if (command.assigneeVendorId === null) return 'Remove the assignee'
      const agent = directory?.agents.find(({ vendorId }) => vendorId === command.assigneeVendorId)
      return agent === undefined ? 'Change the assignee' : `Assign to ${agent.name}`
    }
    case 'tags':
      return tagWords(command)
  }
}

function tagWords({ add, remove }: { add: string[]; remove: string[] }): string {
  const parts = [
    add.length > 0 ? `add ${add.join(', ')}` : null,
    remove.length > 0 ? `remove ${remove.join(', ')}` : null,
  ].filter((part) => part !== null)
  return parts.length === 0 ? 'Change tags' : `Tags: ${parts.join('; ')}`
}
