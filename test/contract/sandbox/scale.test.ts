import { expect, test } from 'vitest'
import { sandboxBench } from './api.ts'

const bench = sandboxBench({ conversations: 1_000_000 })

test('a million conversations are there, first and last pages alike, without being held in memory', async () => {
  const { sites } = bench.sandbox.directory
  expect(sites.reduce((sum, site) => sum + site.conversations, 0)).toBeGreaterThan(999_990)
  const zendesk = await bench.api('acme.zendesk.com', 'ada.okafor@acme.example')
  const fresh = await bench.api('acme-it.freshservice.com', 'ada.okafor@acme.example')
  const hub = await bench.api('62515001', 'ines.fournier@lumen.example')
  const before = process.memoryUsage().heapUsed
  const { count } = (await zendesk.get('https://acme.zendesk.com/api/v2/tickets?page=1')).body
  expect(count).toBe(sites.find((site) => site.id === 'acme.zendesk.com')?.conversations)
  const newest = (await zendesk.get('https://acme.zendesk.com/api/v2/tickets?page[size]=100&sort=-updated_at')).body
  expect(newest.tickets).toHaveLength(100)
  expect(newest.meta.has_more).toBe(true)
  const oldest = await zendesk.get('https://acme.zendesk.com/api/v2/incremental/tickets/cursor?start_time=1')
  expect(oldest.body.tickets).toHaveLength(1000)
  const far = await fresh.get(
    'https://acme-it.freshservice.com/api/v2/tickets?updated_since=2000-01-01T00:00:00Z&page=300&per_page=100',
  )
  expect(far.body.tickets).toHaveLength(100)
  const search = {
    filterGroups: [{ filters: [{ propertyName: 'hs_lastmodifieddate', operator: 'GTE', value: '0' }] }],
    sorts: [{ propertyName: 'hs_lastmodifieddate', direction: 'DESCENDING' }],
    limit: 200,
    after: '9600',
  }
  const found = await hub.send('POST', 'https://api.hubapi.com/crm/v3/objects/tickets/search', search)
  expect(found.body.results).toHaveLength(200)
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(150 * 1024 * 1024)
})

test('a million conversations stay findable by customer and by id', async () => {
  const zendesk = await bench.api('acme.zendesk.com', 'mia.berg@acme.example')
  const { ticket } = (await zendesk.get('https://acme.zendesk.com/api/v2/tickets/50000')).body
  expect(ticket.id).toBe(50000)
  await bench.sandbox.control.customerWrites('acme.zendesk.com', '50000', 'deep inside')
  const newest = (await zendesk.get('https://acme.zendesk.com/api/v2/tickets?page[size]=1&sort=-updated_at')).body
  expect(newest.tickets[0].id).toBe(50000)
})
