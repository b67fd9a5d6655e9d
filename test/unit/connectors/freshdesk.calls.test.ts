import { describe, expect, it } from 'vitest'
import { freshdesk } from '../../../main/connectors/freshdesk/index.ts'
import type { Conversation } from '../../../main/connectors/model.ts'
import * as own from './freshdesk.fixtures.ts'
import { type Script, scripted } from './scripted.ts'

const site = { subdomain: 'acme' }
const { signIn } = freshdesk
const path = '/api/v2/tickets/5120'
const customerSays = { ...own.entry, body: '<p>One wheel is missing.</p>', body_text: 'One wheel is  missing.' }

/** A site with one ticket and its entries; the rest is forbidden, as with the key of most agents. */
const oneTicket =
  (ticket: object, entries: object[], at = path): Script =>
  ({ url, method }) => {
    if (url.pathname === at) return { body: ticket }
    if (url.pathname === `${at}/conversations`) return { body: entries }
    if (method === 'POST') return { status: 201, body: { ...own.entry, incoming: undefined, private: undefined } }
    return url.pathname.startsWith('/api/v2/tickets/')
      ? { status: 404 }
      : { status: 403, body: { code: 'access_denied' } }
  }

async function threadOf(script: Script) {
  const { ctx, calls } = scripted(freshdesk, site, script)
  return { ...(await freshdesk.thread(ctx, '5120')), calls, ctx }
}

describe('a thread of Freshdesk', () => {
  it('asks for the ticket and its entries only, and does without what the key may not see', async () => {
    const { calls, messages, conversation } = await threadOf(oneTicket(own.ticket, [own.entry]))
    expect(calls.map(({ url }) => url.pathname)).toEqual([
      ...[path, `${path}/conversations`, '/api/v2/agents', '/api/v2/ticket_fields'],
    ])
    expect(messages.map(({ bodyText }) => bodyText)).toEqual(['One wheel is missing.', 'Any news?'])
    expect(conversation).toMatchObject({ lastMessageBy: 'customer', vendorStatus: { label: 'Waiting on Third Party' } })
    expect(conversation).not.toHaveProperty('commands')
  })

  it('does not show the text of a chat twice', async () => {
    for (const source of [7, 15]) {
      const { messages } = await threadOf(oneTicket({ ...own.ticket, source, attachments: [] }, [customerSays]))
      expect(messages.map(({ vendorId }) => vendorId)).toEqual(['9000000001'])
    }
  })

  it.each([
    ['a customer who says the same again by mail', { source: 1, attachments: [] }, {}],
    ['a chat in which the first entry says something else', { source: 15, attachments: [] }, { body_text: 'Hello?' }],
    ['a chat in which an agent repeats it', { source: 15, attachments: [] }, { incoming: false }],
    ['a chat with a file that only the text has', { source: 15 }, {}],
  ])('shows both of %s', async (_case, ticket, entry) => {
    const { messages } = await threadOf(oneTicket({ ...own.ticket, ...ticket }, [{ ...customerSays, ...entry }]))
    expect(messages).toHaveLength(2)
  })

  it('of a ticket in the archive can be read, and nothing can be done to it', async () => {
    const { conversation, messages } = await threadOf(
      oneTicket(own.ticket, [own.entry], '/api/v2/tickets/archived/5120'),
    )
    expect(conversation).toMatchObject({ vendorId: '5120', commands: [] })
    expect(messages).toHaveLength(2)
  })

  it('that is nowhere says so', async () => {
    await expect(threadOf(() => ({ status: 404 }))).rejects.toMatchObject({ code: 'vendor_not_found' })
  })

  it('sets an entry aside that it cannot read', async () => {
    const { messages, quarantined } = await threadOf(
      oneTicket(own.ticket, [{ ...own.entry, created_at: 1e20 }, own.entry]),
    )
    expect(messages).toHaveLength(2)
    expect(quarantined).toMatchObject([{ vendorId: '9000000001', path: 'conversations[0].created_at' }])
  })
})

describe('writing to Freshdesk', () => {
  const reply = { kind: 'reply', bodyText: 'Hello <you>', bodyHtml: '<p>Hello &lt;you&gt;</p>' } as const

  async function written(source: number) {
    const { conversation, ctx, calls } = await threadOf(oneTicket({ ...own.ticket, source }, []))
    const receipt = await freshdesk.execute(ctx, conversation as Conversation, reply)
    return { receipt, sent: calls.find(({ method }) => method === 'POST') }
  }

  it('sends HTML and nothing that is not documented', async () => {
    const { sent, receipt } = await written(1)
    expect([sent?.url.pathname, sent?.body]).toEqual([`${path}/reply`, { body: reply.bodyHtml }])
    expect(receipt).toMatchObject({
      messageVendorId: '9000000001',
      message: { kind: 'reply', direction: 'out', conversationVendorId: '5120' },
    })
  })

  it('sends plain pieces to a web chat, which takes nothing else', async () => {
    const { sent } = await written(15)
    const content = { type: 'text', data: { content: 'Hello <you>' } }
    expect(sent?.body).toEqual({ structured_body: { body_contents: [content] } })
  })
})

describe('signing in to Freshdesk', () => {
  it('takes the key as people copy it', () => {
    expect(signIn.kind).toBe('key')
    if (signIn.kind !== 'key') return
    for (const text of [
      'aBcDeF0123456789xyzA',
      ' aBcDeF0123456789xyzA\n',
      'aBcDeF0123456789xyzA:X',
      'aBcDeF0123456789xyzA:x',
    ])
      expect(signIn.normalise(text)).toBe('aBcDeF0123456789xyzA')
    for (const text of [
      '',
      'short',
      'two words of letters',
      'https://acme.freshdesk.com',
      'mia@acme.example',
      'ключ-ключ-ключ',
      'a'.repeat(129),
    ])
      expect(() => signIn.normalise(text)).toThrow(expect.objectContaining({ code: 'bad_request' }))
  })

  it('sends the key as the user name of HTTP Basic, to the site only', () => {
    const { authorization } = freshdesk.authorize?.('aBcDeF0123456789xyzA', { site, now: 0 }) ?? {}
    expect(Buffer.from(authorization?.replace('Basic ', '') ?? '', 'base64').toString()).toBe('aBcDeF0123456789xyzA:X')
    expect(freshdesk.hosts(site)).toEqual({ api: 'https://acme.freshdesk.com/api/v2', allowed: ['acme.freshdesk.com'] })
    expect(signIn.siteLabel(site)).toBe('acme.freshdesk.com')
  })

  it('takes the address as people paste it, and no other host', () => {
    const [field] = signIn.fields
    expect(field?.normalise('https://ACME.freshdesk.com/a/tickets/1')).toBe('acme')
    expect(() => field?.normalise('acme.freshservice.com')).toThrow(expect.objectContaining({ code: 'site_invalid' }))
    expect(() => field?.normalise('help.brand.example')).toThrow(expect.objectContaining({ code: 'site_invalid' }))
  })

  it('says where the key is found, and that it is no sign-in', () => {
    expect(signIn.registration.steps.length).toBeGreaterThanOrEqual(4)
    if (signIn.kind === 'key') expect(signIn.note).toContain('no OAuth')
  })

  it.each([
    [
      401,
      '{"code":"invalid_credentials","message":"You have to be logged in to perform this action."}',
      'needs_sign_in',
    ],
    [403, '{"code":"access_denied","message":"no"}', 'vendor_forbidden'],
    [404, '', 'vendor_not_found'],
    [405, '', 'vendor_not_found'],
    [
      409,
      '{"description":"Validation failed","errors":[{"field":"email","message":"It should be a unique value","code":"duplicate_value"}]}',
      'vendor_conflict',
    ],
    [429, 'too many', 'rate_limited'],
    [502, '<html></html>', 'vendor_failed'],
  ])('reads the error %i', (status, body, code) => {
    expect(freshdesk.readError(status, new Headers(), body).code).toBe(code)
  })

  it('tells the field that was refused', () => {
    const errors = [{ field: 'status', message: "It should be one of these values: '2,3'", code: 'invalid_value' }]
    const error = freshdesk.readError(400, new Headers(), JSON.stringify({ description: 'Validation failed', errors }))
    expect(error.message).toBe("Freshdesk refused this: status: It should be one of these values: '2,3'")
    expect(error.detail).toContain('invalid_value')
  })

  it('reads the budget from the headers, also with a decimal point', () => {
    const headers = new Headers({ 'x-ratelimit-total': '400.0', 'x-ratelimit-remaining': '393' })
    expect(freshdesk.rate.read(headers)).toEqual({ remaining: 393, limit: 400, resetMs: null })
    expect(freshdesk.rate.read(new Headers())).toBeNull()
    const bucket = (method: string, at: string) => freshdesk.rate.buckets?.find((each) => each.match(method, at))?.name
    expect([bucket('GET', '/api/v2/tickets'), bucket('PUT', path), bucket('GET', path)]).toEqual([
      'lists',
      'updates',
      undefined,
    ])
  })
})
