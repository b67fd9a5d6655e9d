import type { Operation } from '../connector.ts'
import { unified } from '../model.ts'
import { recordsPart } from './map.ts'
import { readMessageRecords } from './records.ts'

const messages = (name: string, summary: string): Operation => ({
  name,
  summary,
  read(payload, site) {
    const { records, quarantined } = readMessageRecords(payload)
    return unified({ ...recordsPart(records, site), quarantined })
  },
})

/** Every payload of the form: what the gateway lists, and a message on its own as Apple documents it, with the time it passed. */
export const operations: readonly Operation[] = [
  messages('list_messages', 'GET /v1/messages of the gateway: messages received and sent'),
  messages('receive_message', 'POST /message from Apple: a message of a customer, as the gateway recorded it'),
  messages('send_message', 'POST /message to Apple: a message of the brand, as the gateway recorded it'),
]
