import { describe, expect, it } from 'vitest'
import { freshchat } from '../../../main/connectors/freshchat/index.ts'
import { type Script, scripted } from './scripted.ts'

const start = Date.UTC(2026, 10, 20, 8)
const iso = new Date(start - 60_000).toISOString()
const site = { subdomain: 'acme', organisation: 'acme' }
const forbidden = { status: 403, body: { code: 403, status: 'FORBIDDEN', message: 'not yours' } }

/** Three customers with a chat each; what `refused` names answers 403. */
const vendor =
  (refused: ReadonlySet<string>): Script =>
  ({ url }) => {
    const path = url.pathname.replace('/v2/', '')
    if (refused.has(path)) return forbidden
    const [kind, id = '', below] = path.split('/')
    if (kind === 'users' && below === 'conversations') return { body: { conversations: [{ id: `c-${id}` }] } }
    if (kind === 'users' && id === '') {
      const [from, to] = ['updated_from', 'updated_to'].map((name) => Date.parse(url.searchParams.get(name) ?? ''))
      const inside = Date.parse(iso) >= (from ?? 0) && Date.parse(iso) <= (to ?? 0)
      return { body: { users: inside ? ['ann', 'bo', 'cy'].map((each) => ({ id: each, first_name: each })) : [] } }
    }
    if (kind === 'users') return { body: { id, first_name: id } }
    if (kind === 'conversations' && below === 'messages') return { body: { messages: [] } }
    if (kind === 'conversations')
      return {
        body: {
          conversation_id: id,
          user_id: id.slice(2),
          status: 'assigned',
          created_time: iso,
          updated_time: new Date(start).toISOString(),
        },
      }
    return { body: { agents: [], channels: [], groups: [] } }
  }

function account(refused = new Set<string>()) {
  let now = start
  let cursor: string | null = null
  const { ctx } = scripted(freshchat, site, vendor(refused), () => now)
  const round = async () => {
    const conversations: string[] = []
    const removed: string[] = []
    const aside: unknown[] = []
    for (let more = true, pages = 0; more; pages += 1) {
      expect(pages).toBeLessThan(200)
      const page = await freshchat.pull(ctx, cursor)
      conversations.push(...page.conversations.map((one) => one.vendorId))
      removed.push(...page.removedVendorIds)
      aside.push(...page.quarantined)
      cursor = page.cursor
      more = page.more
    }
    now += 61_000
    return { conversations: [...new Set(conversations)].sort(), removed: [...new Set(removed)], aside }
  }
  return { round, refused }
}

describe('what may not be read (HTTP 403)', () => {
  it('is one conversation, which is taken away and named; the others are read', async () => {
    const { round } = account(new Set(['conversations/c-bo']))
    const { conversations, removed, aside } = await round()
    expect(conversations).toEqual(['c-ann', 'c-cy'])
    expect(removed).toEqual(['c-bo'])
    expect(aside).toContainEqual(expect.objectContaining({ vendorId: 'c-bo', path: 'conversations.c-bo' }))
  })

  it('is a watched conversation from one day on: the rounds go on without it', async () => {
    const { round, refused } = account()
    expect((await round()).conversations).toEqual(['c-ann', 'c-bo', 'c-cy'])
    refused.add('conversations/c-bo')
    expect((await round()).removed).toEqual(['c-bo'])
    expect((await round()).conversations).not.toContain('c-bo')
  })

  it('is the list of one customer, who is named; the others are read', async () => {
    const { round } = account(new Set(['users/ann/conversations']))
    const { conversations, aside } = await round()
    expect(conversations).toEqual(['c-bo', 'c-cy'])
    expect(aside).toContainEqual(expect.objectContaining({ vendorId: 'ann', path: 'users.ann.conversations' }))
  })

  it('is the texts of one conversation, which stays, without them', async () => {
    const { round } = account(new Set(['conversations/c-cy/messages']))
    const { conversations, aside } = await round()
    expect(conversations).toEqual(['c-ann', 'c-bo', 'c-cy'])
    expect(aside).toContainEqual(expect.objectContaining({ vendorId: 'c-cy', path: 'conversations.c-cy.messages' }))
  })

  it('is the whole account only where its list of customers is refused', async () => {
    const { round } = account(new Set(['users']))
    await expect(round()).rejects.toMatchObject({ code: 'vendor_forbidden' })
  })
})
