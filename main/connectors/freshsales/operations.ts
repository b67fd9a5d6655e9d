import type { Operation, Site } from '../connector.ts'
import { type Unified, unified } from '../model.ts'
import { hostOf, readPipelines, stagesOf, statusesOf } from './directory.ts'
import { type Part, readPayload, type Setting } from './payload.ts'

/** Every payload of Freshsales, read by the mapping that sync uses. Names of stages are not known here unless the payload tells them. */
const reader = (...parts: Part[]) => {
  return (payload: unknown, site: Site): Unified => {
    const setting: Setting = { host: hostOf(site), stages: stagesOf([]) }
    return readPayload(payload, parts, setting)
  }
}

function pipelineList(payload: unknown): Unified {
  const known = readPipelines(payload)
  const brands = known.map(({ id, name }) => ({ key: `pipeline:${id}`, name }))
  return unified({ directory: { statuses: statusesOf(known), brands } })
}

export const operations: readonly Operation[] = [
  { name: 'list_deals', summary: 'Deals of a saved view', read: reader('deal') },
  { name: 'search_deals', summary: 'Deals of other pipelines', read: reader('deal') },
  { name: 'get_deal', summary: 'One deal with what was logged about it', read: reader('deal', 'activity') },
  { name: 'update_deal', summary: 'A deal after a change', read: reader('deal') },
  { name: 'list_contacts', summary: 'Contacts of a saved view', read: reader('contact') },
  { name: 'get_contact', summary: 'One contact', read: reader('contact') },
  { name: 'update_contact', summary: 'A contact after a change', read: reader('contact') },
  { name: 'list_leads', summary: 'Leads of old accounts, which may answer with deals', read: reader('lead', 'deal') },
  { name: 'list_tasks', summary: 'Open tasks', read: reader('task') },
  { name: 'get_task', summary: 'One task', read: reader('task') },
  { name: 'update_task', summary: 'A task after a change', read: reader('task') },
  { name: 'list_sales_accounts', summary: 'Companies', read: reader('account') },
  { name: 'list_owners', summary: 'The people who work there', read: reader('owner') },
  { name: 'list_deal_pipelines', summary: 'Pipelines and their stages', read: pipelineList },
  { name: 'list_notes', summary: 'Notes of a deal or contact', read: reader('note') },
  { name: 'create_note', summary: 'A note that was added', read: reader('note') },
  { name: 'list_sales_activities', summary: 'Calls, mails and visits that were logged', read: reader('activity') },
  { name: 'list_appointments', summary: 'Appointments', read: reader('appointment') },
  { name: 'event_deal', summary: 'Pushed to apps: a deal', read: reader('deal') },
  { name: 'event_contact', summary: 'Pushed to apps: a contact', read: reader('contact') },
  { name: 'event_sales_account', summary: 'Pushed to apps: a company', read: reader('account') },
  {
    name: 'event_task_appointment',
    summary: 'Pushed to apps: a task or an appointment',
    read: reader('task', 'appointment'),
  },
]
