import { wayWords } from './answers.ts'
import type { PolicyLayer } from './load.ts'
import type { PolicyRules } from './schema.ts'

/** One rule as agents read it. */
export interface RuleWords {
  text: string
  reason: string | null
}

/**
 * Everything the policy says, in plain words and without secrets.
 * @param nameOf name of a vendor by its id
 */
export function policyWords(layers: readonly PolicyLayer[], nameOf: (vendor: string) => string): RuleWords[] {
  const words = layers.flatMap(({ rules }) => wordsOf(rules, nameOf))
  return words.filter((word, at) => words.findIndex(({ text }) => text === word.text) === at)
}

type Add = (text: string, reason: string | undefined) => void

function wordsOf(rules: PolicyRules, nameOf: (vendor: string) => string): RuleWords[] {
  const list: RuleWords[] = []
  const add: Add = (text, reason) => list.push({ text, reason: reason ?? null })
  const at = (vendor: string) => (vendor === '*' ? 'every helpdesk' : nameOf(vendor))
  signInWords(rules, at, add)
  accountWords(rules, at, add)
  workstationWords(rules, add)
  return list
}

function signInWords(rules: PolicyRules, at: (vendor: string) => string, add: Add): void {
  const { vendors, apiKeys, sites, ways, scopes, clients } = rules
  if (vendors !== undefined)
    add(`Helpdesks that can be connected: ${vendors.allowed.map(at).join(', ') || 'none'}.`, vendors.reason)
  if (apiKeys === false) add('API keys are not allowed.', undefined)
  if (typeof apiKeys === 'object' && !apiKeys.allowed) add('API keys are not allowed.', apiKeys.reason)
  for (const rule of sites) add(`Sites allowed at ${at(rule.vendor)}: ${rule.allowed.join(', ')}.`, rule.reason)
  for (const rule of ways)
    add(`Ways to sign in at ${at(rule.vendor)}: ${rule.allowed.map((way) => wayWords[way]).join(', ')}.`, rule.reason)
  for (const rule of scopes)
    add(`Rights that may be asked for at ${at(rule.vendor)}: ${rule.allowed.join(', ') || 'none'}.`, rule.reason)
  for (const client of clients)
    add(
      `The OAuth client for ${client.site === '*' ? at(client.vendor) : client.site} is provided by your organisation.`,
      client.reason,
    )
}

function accountWords({ lockedAccounts, connecting }: PolicyRules, at: (vendor: string) => string, add: Add): void {
  for (const lock of lockedAccounts) {
    const which = [lock.user, lock.site === '*' ? at(lock.vendor) : lock.site].filter((part) => part !== undefined)
    const against = lock.against.map((action) => (action === 'remove' ? 'removed' : 'reconnected')).join(' or ')
    add(`Accounts of ${which.join(' at ')} cannot be ${against}.`, lock.reason)
  }
  for (const rule of connecting) {
    if (rule.level === 'account')
      add(`Accounts at ${at(rule.vendor)} are connected by administrators only.`, rule.reason)
    if (rule.users !== undefined) add(`Users allowed at ${at(rule.vendor)}: ${rule.users.join(', ')}.`, rule.reason)
  }
}

function workstationWords(rules: PolicyRules, add: Add): void {
  const { cache, export: saving, downloads, appLock, updateChannel } = rules
  if (cache !== undefined)
    add(
      `Conversations without a change for ${cache.maxAgeDays} ${cache.maxAgeDays === 1 ? 'day' : 'days'} are taken off this computer. Drafts and what is not sent yet stay.`,
      cache.reason,
    )
  if (saving?.allowed === false)
    add('Traces of sign-ins, the audit log and the list of accounts cannot be saved as files.', saving.reason)
  if (downloads?.allowed === false) add('Attachments cannot be saved on this computer.', downloads.reason)
  if (appLock !== undefined)
    add(
      `Manydesk locks after ${appLock.afterMinutes} minutes without use${appLock.withSystemLock ? ' and when the computer is locked' : ''}.`,
      appLock.reason,
    )
  if (updateChannel !== undefined)
    add(
      updateChannel.channel === 'none'
        ? 'Updates are installed by your organisation.'
        : `Updates are to come from the ${updateChannel.channel} channel. Manydesk does not update itself yet.`,
      updateChannel.reason,
    )
}
