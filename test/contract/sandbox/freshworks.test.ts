import { beforeAll, describe, expect, test } from 'vitest'
import { type Api, sandboxBench } from './api.ts'
import { vendorData } from './described.ts'

const chat = 'acme-chat.freshchat.com'
const crm = 'acme-crm.myfreshworks.com'
const chatRoot = `https://${chat}/v2`
const crmRoot = `https://${crm}/crm/sales/api`
const bench = sandboxBench({ conversations: 4_000 })
let zoe: Api
let vera: Api

beforeAll(async () => {
  zoe = await bench.api(chat, 'zoe.marsh@acme.example')
  vera = await bench.api(crm, 'vera.lindqvist@acme.example')
})

describe('one organisation for all products', () => {
  test('lets a person pick among the accounts of all products', async () => {
    const flow = bench.flow({ site: chat, email: 'tom.reuter@acme.example' })
    const login = await flow.browser.open(flow.authorizeUrl)
    if (login.kind !== 'page') throw new Error('no login page')
    const { email, password } = flow.user
    const picker = await flow.browser.submit(login.page, 'login', { email, password })
    if (picker.kind !== 'page') throw new Error('no page to pick from')
    for (const name of ['Acme IT Service', 'Acme People Desk', 'Acme Outdoor Chat', 'Acme Business Sales'])
      expect(picker.page.html).toContain(name)
    expect(picker.page.html).not.toContain('Nova')
  })

  test('a grant for one product is none for another of the same person and organisation', async () => {
    const tom = await bench.api(crm, 'tom.reuter@acme.example')
    expect((await tom.get(`${crmRoot}/selector/owners`)).status).toBe(200)
    expect((await tom.get(`${chatRoot}/agents`)).status).toBe(401)
    expect((await tom.get('https://acme-it.freshservice.com/api/v2/agents/me')).body.code).toBe('access_token_invalid')
    expect((await tom.get('https://nova-crm.myfreshworks.com/crm/sales/api/selector/owners')).status).toBe(401)
  })

  test('the host of the organisation signs in, and answers the API of Freshsales under its path only', async () => {
    const plain = await bench.fetch('https://acme.myfreshworks.com/crm/sales/api/deals/1')
    expect(plain.status).toBe(404)
    const page = await bench.fetch(`https://${crm}/org/oauth/v2/authorize`)
    expect(page.status).toBe(404)
    const sign = await bench.fetch('https://acme.myfreshworks.com/org/oauth/v2/token', { method: 'POST', body: 'x=1' })
    expect(sign.status).toBe(401)
    await Promise.all([plain, page, sign].map((response) => response.body?.cancel()))
  })

  test('each token is listed once, although the products share the server', async () => {
    const tokens = await bench.sandbox.control.tokens({ site: chat, user: 'zoe.marsh@acme.example' })
    expect(tokens.map((token) => token.kind).sort()).toEqual(['access', 'refresh'])
  })
})

type Row = Record<string, unknown>
const sampleOf = (file: string, ...keys: string[]): Row[] | undefined => {
  const text = vendorData(`samples/${file}.json`)
  if (text === undefined) return undefined
  const value: unknown = JSON.parse(text)
  const pages = (Array.isArray(value) ? value : [value]) as Row[]
  return pages.flatMap((page) => keys.flatMap((key) => (key === '' ? [page] : ((page[key] ?? []) as Row[]))))
}
const kindOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)

/** Fields we send that no real payload has, or has in another kind. */
function strange(ours: Row[], real: Row[], known: string[] = []): string[] {
  const kinds = new Map<string, Set<string>>()
  for (const record of real) {
    for (const [name, value] of Object.entries(record))
      kinds.set(name, (kinds.get(name) ?? new Set()).add(kindOf(value)))
  }
  const wrong = ours.flatMap((record) =>
    Object.entries(record).flatMap(([name, value]) => {
      const there = kinds.get(name)
      if (known.includes(name)) return []
      if (there === undefined) return [`${name} is not in the sample`]
      const fits = value === null || there.has(kindOf(value)) || [...there].every((kind) => kind === 'null')
      return fits ? [] : [`${name} is ${kindOf(value)}`]
    }),
  )
  return [...new Set(wrong)]
}

describe('the wire formats fit the real payloads', () => {
  test('of Freshchat', async () => {
    const [id = ''] = await bench.sandbox.control.conversationIds(chat, { statusKind: 'open', limit: 1 })
    const conversation = (await zoe.get(`${chatRoot}/conversations/${id}`)).body
    const real = sampleOf('freshchat/get_conversation', '')
    const changed = sampleOf('freshchat/update_conversation', '')
    if (real && changed) expect(strange([conversation], [...real, ...changed])).toEqual([])
    const { messages } = (await zoe.get(`${chatRoot}/conversations/${id}/messages?items_per_page=50`)).body
    const said = sampleOf('freshchat/conversation_messages', 'messages')
    // Newer accounts tell more than the ones the samples were taken from.
    if (said) expect(strange(messages, said, ['org_actor_id', 'interaction_id', 'user_id'])).toEqual([])
    const agents = (await zoe.get(`${chatRoot}/agents`)).body.agents
    const realAgents = sampleOf('freshchat/get_agent', '')
    if (realAgents) expect(strange(agents, realAgents)).toEqual([])
  })

  test('of Freshsales', async () => {
    const filters = (await vera.get(`${crmRoot}/deals/filters`)).body.filters
    const all = filters.find((filter: Row) => filter.name === 'All Deals').id
    const view = (
      await vera.get(`${crmRoot}/deals/view/${all}?sort=updated_at&sort_type=desc&include=owner&per_page=50`)
    ).body
    const deals = sampleOf('freshsales/list_deals', 'deals')
    if (deals) expect(strange(view.deals, deals, ['owner_id'])).toEqual([])
    const owners = sampleOf('freshsales/list_owners', 'users')
    if (owners) expect(strange(view.users, owners)).toEqual([])
    const contactView = (await vera.get(`${crmRoot}/contacts/filters`)).body.filters[0].id
    const contacts = (await vera.get(`${crmRoot}/contacts/view/${contactView}`)).body.contacts
    const realContacts = sampleOf('freshsales/list_contacts', 'contacts')
    if (realContacts) expect(strange(contacts, realContacts, ['owner_id'])).toEqual([])
    const { tasks } = (await vera.get(`${crmRoot}/tasks?filter=open`)).body
    const realTasks = sampleOf('freshsales/list_tasks', 'tasks')
    if (realTasks) expect(strange(tasks, realTasks)).toEqual([])
  })
})

describe('habits of Freshchat', () => {
  test('has no list of conversations, and lists customers by when they were updated, page by page', async () => {
    expect((await zoe.get(`${chatRoot}/conversations`)).status).toBe(404)
    const first = (await zoe.get(`${chatRoot}/users?items_per_page=10`)).body
    expect(first.users).toHaveLength(10)
    expect(first.pagination.total_pages).toBeGreaterThan(1)
    const next = (await zoe.get(`https://${chat}${first.links.next_page.href}`)).body
    expect(next.users[0].id).not.toBe(first.users[0].id)
    const none = (await zoe.get(`${chatRoot}/users?updated_from=2100-01-01T00:00:00Z`)).body
    expect(none.users).toEqual([])
    expect((await zoe.get(`${chatRoot}/users?updated_from=soon`)).body.status).toBe('INVALID_VALUE')
    expect((await zoe.get(`${chatRoot}/users?items_per_page=101`)).status).toBe(400)
  })

  test('refuses to write in the name of another, and changes nothing with a payload it does not know', async () => {
    const [id = ''] = await bench.sandbox.control.conversationIds(chat, { statusKind: 'open', limit: 1 })
    const before = await bench.sandbox.control.conversation(chat, id)
    const agents = (await zoe.get(`${chatRoot}/agents`)).body.agents
    const other = agents.find((agent: Row) => agent.email === 'tom.reuter@acme.example').id
    const words = { message_type: 'normal', message_parts: [{ text: { content: 'x' } }] }
    const send = (more: object) => zoe.send('POST', `${chatRoot}/conversations/${id}/messages`, { ...words, ...more })
    expect((await send({ actor_type: 'agent', actor_id: other })).status).toBe(403)
    expect((await send({ actor_type: 'user', actor_id: 'u' })).status).toBe(400)
    const put = (body: object) => zoe.send('PUT', `${chatRoot}/conversations/${id}`, body)
    expect((await put({ status: 'parked' })).status).toBe(400)
    expect((await put({ status: 'new', properties: { colour: 'red' } })).body.message).toContain('payload not valid')
    expect(await bench.sandbox.control.conversation(chat, id)).toEqual(before)
  })

  test('a client that may only read is refused, and says what is left of the limit', async () => {
    const reader = await bench.api(chat, 'zoe.marsh@acme.example', { clientId: 'fw_ext_1700000000000000052' })
    const [id = ''] = await bench.sandbox.control.conversationIds(chat, { limit: 1 })
    expect((await reader.send('PUT', `${chatRoot}/conversations/${id}`, { status: 'resolved' })).status).toBe(403)
    expect((await reader.get(`${chatRoot}/groups`)).status).toBe(403)
    expect(Number((await reader.get(`${chatRoot}/agents`)).headers.get('x-ratelimit-remaining'))).toBeGreaterThan(0)
  })
})

describe('habits of Freshsales', () => {
  test('views show the default pipeline, the search the other one and less of each deal', async () => {
    const { deal_pipelines: pipelines } = (await vera.get(`${crmRoot}/selector/deal_pipelines`)).body
    const filters = (await vera.get(`${crmRoot}/deals/filters`)).body.filters
    const seen = new Set<unknown>()
    for (const filter of filters) {
      const { deals } = (await vera.get(`${crmRoot}/deals/view/${filter.id}?per_page=100`)).body
      for (const deal of deals) seen.add(deal.deal_pipeline_id)
    }
    expect([...seen]).toEqual([pipelines[0].id])
    const rule = { attribute: 'deal_pipeline_id', operator: 'is_in', value: [pipelines[1].id] }
    const found = (await vera.send('POST', `${crmRoot}/filtered_search/deal`, { filter_rule: [rule] })).body
    expect(found.deals.length).toBeGreaterThan(0)
    expect(found.deals[0]).not.toHaveProperty('owner_id')
    expect(found.meta).not.toHaveProperty('total_pages')
  })

  test('tells the owner only when asked to, and answers pages of HTML for what it has not', async () => {
    const [id = ''] = (await bench.sandbox.control.conversationIds(crm)).filter((each) => each.startsWith('deal:'))
    const path = `${crmRoot}/deals/${id.slice(5)}`
    expect((await vera.get(path)).body.deal).not.toHaveProperty('owner_id')
    expect((await vera.get(`${path}?include=owner`)).body.deal).toHaveProperty('owner_id')
    expect((await vera.get(`${crmRoot}/deals/1`)).text).toContain('<h1>')
    expect((await vera.get(`${crmRoot}/leads/view/1`)).status).toBe(404)
  })

  test('refuses a stage of another pipeline, an unknown field and a note without words, in its own form', async () => {
    const [id = ''] = (await bench.sandbox.control.conversationIds(crm)).filter((each) => each.startsWith('deal:'))
    const put = (deal: object) => vera.send('PUT', `${crmRoot}/deals/${id.slice(5)}`, { deal })
    expect((await put({ deal_stage_id: 1 })).body.errors.message).toEqual([
      'Deal stage does not belong to the pipeline',
    ])
    expect((await put({ colour: 'red' })).status).toBe(400)
    const note = { targetable_type: 'Deal', targetable_id: Number(id.slice(5)) }
    expect((await vera.send('POST', `${crmRoot}/notes`, { note })).body.errors.code).toBe(400)
    const reader = await bench.api(crm, 'vera.lindqvist@acme.example', { clientId: 'fw_ext_1700000000000000062' })
    expect((await reader.send('POST', `${crmRoot}/notes`, { note: { ...note, description: 'x' } })).status).toBe(403)
  })
})
