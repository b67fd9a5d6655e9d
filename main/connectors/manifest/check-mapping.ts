import type { Fault, Place } from './faults.ts'
import { pathFault } from './path.ts'
import type { Manifest } from './schema.ts'
import { parseTemplate } from './template.ts'

/** Fields whose words are ours, with those words. */
const enums: Record<string, readonly string[]> = {
  status: ['new', 'open', 'pending', 'on_hold', 'solved', 'closed'],
  priority: ['low', 'normal', 'high', 'urgent'],
  channel: ['email', 'chat', 'phone', 'web', 'social', 'api', 'other'],
  lastMessageBy: ['customer', 'agent'],
  kind: ['reply', 'note', 'event'],
  role: ['customer', 'agent', 'system'],
}

/** Paths that lead nowhere, texts that hold what is not there, words that Manydesk does not have. */
export function checkMapping(manifest: Manifest): Fault[] {
  const { identity, conversations, thread, directory, writes, api } = manifest
  const parts: [unknown, Place][] = [
    [identity, ['identity']],
    [conversations, ['conversations']],
    [thread, ['thread']],
    [directory, ['directory']],
    [writes, ['writes']],
    [api.error, ['api', 'error']],
  ]
  const names = manifest.account.fields.map((field) => `account.${field.key}`)
  return [...parts.flatMap(([part, at]) => walk(part, at, names)), ...checkWriteWords(writes)]
}

/** Names whose text is no path and no template. */
const plainNames = new Set([
  'request',
  'kind',
  'label',
  'status',
  'since',
  'order',
  'values',
  'otherwise',
  'equals',
  'time',
])

function walk(value: unknown, at: Place, names: string[]): Fault[] {
  if (typeof value === 'string') return textFaults(value, at, names)
  if (Array.isArray(value)) return value.flatMap((each, index) => walk(each, [...at, index], names))
  if (typeof value !== 'object' || value === null) return []
  const fields =
    at.at(-1) === 'fields' || at.at(-1) === 'description' || at.at(-1) === 'author' || at.at(-1) === 'customer'
  return Object.entries(value).flatMap(([name, each]) => {
    const here: Place = [...at, name]
    if (fields) return [...enumFaults(name, each, here), ...walkField(each, here, names)]
    if (plainNames.has(name)) return []
    return walk(each, here, names)
  })
}

function walkField(value: unknown, at: Place, names: string[]): Fault[] {
  if (typeof value === 'object' && value !== null && 'from' in value && typeof value.from === 'string')
    return textFaults(value.from, [...at, 'from'], names)
  return walk(value, at, names)
}

function textFaults(text: string, at: Place, names: string[]): Fault[] {
  if (text.startsWith('$')) {
    const fault = pathFault(text)
    return fault === null ? [] : [{ at, message: `This is not a path: ${fault}.` }]
  }
  const parts = parseTemplate(text)
  if (!Array.isArray(parts)) return [{ at, message: parts.fault }]
  return parts.flatMap((part) => {
    if (typeof part === 'string' || names.includes(part.name)) return []
    const fault = part.name.startsWith('$') ? pathFault(part.name) : `there is no value "${part.name}" here`
    return fault === null ? [] : [{ at, message: `This cannot be read: ${fault}.` }]
  })
}

function enumFaults(name: string, value: unknown, at: Place): Fault[] {
  const words = Object.hasOwn(enums, name) ? enums[name] : undefined
  if (words === undefined) return []
  const fits = (word: unknown) => typeof word !== 'string' || words.includes(word)
  const fault = (place: Place): Fault => ({ at: place, message: `This must be one of ${words.join(', ')}.` })
  if (typeof value === 'string') {
    const constant = !value.startsWith('$') && !value.includes('<%')
    return constant && !fits(value) ? [fault(at)] : []
  }
  if (typeof value !== 'object' || value === null) return []
  const { values, otherwise } = value as { values?: Record<string, unknown>; otherwise?: unknown }
  const wrong = Object.entries(values ?? {}).filter(([, word]) => !fits(word))
  return [
    ...wrong.map(([word]) => fault([...at, 'values', word])),
    ...(fits(otherwise) ? [] : [fault([...at, 'otherwise'])]),
  ]
}

/** In writes the words of ours are on the left. */
function checkWriteWords(writes: Manifest['writes']): Fault[] {
  return (['status', 'priority'] as const).flatMap((kind) =>
    Object.keys(writes[kind]?.values ?? {})
      .filter((word) => !enums[kind]?.includes(word))
      .map((word) => ({
        at: ['writes', kind, 'values', word],
        message: `"${word}" is no ${kind} of Manydesk: ${enums[kind]?.join(', ')}.`,
      })),
  )
}
