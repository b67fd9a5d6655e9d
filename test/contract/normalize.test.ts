import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { zendeskTicket } from '../unit/connectors/fixtures.ts'

const bootstrap = join(import.meta.dirname, '..', 'harness', 'bootstrap.mjs')

it('the command itself prints nothing but the result, reads the standard input, and fails where a record cannot be read', () => {
  const payload = { tickets: [zendeskTicket, { ...zendeskTicket, updated_at: null }] }
  const ran = spawnSync(process.execPath, [bootstrap, 'normalize', 'zendesk', 'list_tickets', '-'], {
    input: JSON.stringify(payload),
    encoding: 'utf8',
  })
  expect(JSON.parse(ran.stdout)).toMatchObject({ connector: 'zendesk', conversations: [{ vendorId: '81' }] })
  expect(ran.stderr).toContain('tickets[1].updated_at')
  expect(ran.status).toBe(1)
})
