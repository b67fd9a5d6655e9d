import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import type { Connector } from '../../../main/connectors/connector.ts'
import { normalize, siteOf } from '../../../main/connectors/normalize.ts'
import { connectors } from '../../../main/connectors/registry.ts'
import { zendesk } from '../../../main/connectors/zendesk/index.ts'
import { normalizeCommand } from '../../harness/normalize-command.ts'
import * as own from './fixtures.ts'

const folder = mkdtempSync(join(tmpdir(), 'normalize-'))
afterAll(() => rmSync(folder, { recursive: true }))
const now = Date.UTC(2026, 10, 4)

interface Ran {
  code: number
  // biome-ignore lint/suspicious/noExplicitAny: tests read the printed object field by field and fail where a field is missing
  out: any
  err: string
}

async function run(...args: string[]): Promise<Ran> {
  let out = ''
  let err = ''
  const code = await normalizeCommand(args, {
    connectors,
    folders: ['/nowhere', folder],
    now: () => now,
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
  })
  return { code, out: out === '' ? null : JSON.parse(out), err }
}

function file(name: string, content: unknown): string {
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
  return name
}

const token = (content: unknown) => run('hubspot', 'token', file('token.json', content))

describe('npm run normalize', () => {
  it('prints what a payload becomes, without the members that are empty, and times in words too', async () => {
    const payload = { tickets: [own.zendeskTicket], users: own.zendeskUsers }
    const { code, out, err } = await run('zendesk', 'list_tickets', file('tickets.json', payload))
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(Object.keys(out)).toEqual(['connector', 'operation', 'conversations', 'people'])
    expect(out).toMatchObject({ connector: 'zendesk', operation: 'list_tickets' })
    expect(out.conversations[0]).toMatchObject({
      vendorId: '81',
      createdAt: Date.UTC(2026, 10, 2, 8),
      times: { createdAt: '2026-11-02T08:00:00.000Z', updatedAt: '2026-11-03T09:30:00.000Z' },
    })
  })

  it('prints the readable rest of a payload, and says where the others cannot be read', async () => {
    const payload = { tickets: [own.zendeskTicket, { ...own.zendeskTicket, id: 82, created_at: 'yesterday' }] }
    const { code, out, err } = await run('zendesk', 'list_tickets', file('half.json', payload))
    expect(code).toBe(1)
    expect(out.conversations).toHaveLength(1)
    expect(err).toBe('zendesk list_tickets: tickets[1].created_at: not a time (record 82)\n')
  })

  it('says where a payload of another kind stops making sense, and prints nothing', async () => {
    const { code, out, err } = await run('zendesk', 'list_tickets', file('other.json', { tickets: 'none' }))
    expect({ code, out }).toEqual({ code: 1, out: null })
    expect(err).toBe('zendesk list_tickets: tickets: a list was expected (vendor_bad_answer)\n')
  })

  it('takes values of the site as people type them, and an example where none is given', async () => {
    const name = file('one.json', { ticket: own.zendeskTicket })
    const given = await run('zendesk', 'show_ticket', name, '--site', 'subdomain=https://Nova.zendesk.com/agent')
    expect(given.out.conversations[0].url).toBe('https://nova.zendesk.com/agent/tickets/81')
    const example = await run('zendesk', 'show_ticket', name)
    expect(example.out.conversations[0].url).toBe('https://acme.zendesk.com/agent/tickets/81')
    const wrong = await run('zendesk', 'show_ticket', name, '--site=subdomain=a b')
    expect(wrong).toMatchObject({ code: 1, out: null, err: expect.stringContaining('zendesk.com') })
  })

  it('lists every connector with its operations', async () => {
    const { code, out } = await run('--list')
    expect(code).toBe(0)
    expect(out.map((each: { connector: string }) => each.connector)).toEqual(connectors.map(({ id }) => id))
    const listed = out.find((each: { connector: string }) => each.connector === 'zendesk')
    expect(listed.operations).toContainEqual({ operation: 'list_groups', summary: 'GET /groups' })
  })

  it.each([
    [['nobody', 'x', 'y'], 'There is no connector "nobody"'],
    [['zendesk', 'guess', 'y'], 'Zendesk has no operation "guess". There are: list_tickets'],
    [['zendesk', 'list_tickets', 'missing.json'], 'There is no file missing.json.'],
    [['zendesk', 'list_tickets', '.'], 'cannot be read (EISDIR)'],
    [['zendesk', 'list_tickets'], 'Usage:'],
    [['zendesk', 'list_tickets', 'a', 'b'], 'Usage:'],
    [[], 'Usage:'],
    [['--what'], '--what'],
    [['zendesk', 'list_tickets', 'y', '--site', 'acme'], '--site takes key=value, not "acme".'],
  ])('explains %j in a sentence', async (args, sentence) => {
    const { code, out, err } = await run(...args)
    expect({ code, out }).toEqual({ code: 1, out: null })
    expect(err).toContain(sentence)
  })

  it.each([
    ['<html>', 'is not JSON'],
    ['', 'is empty'],
  ])('explains a file that holds %j', async (content, words) => {
    const { code, err } = await run('zendesk', 'list_tickets', file('broken.json', content))
    expect(code).toBe(1)
    expect(err).toContain(`broken.json ${words}`)
  })

  it('reads a file that begins with a byte order mark', async () => {
    expect((await run('zendesk', 'list_groups', file('bom.json', '\uFEFF{"groups":[]}'))).code).toBe(0)
  })
})

describe('npm run normalize, for an answer of a token endpoint', () => {
  const good = { access_token: 'acc-1234', refresh_token: 'ref-5678', expires_in: 1800, scope: 'oauth tickets' }

  it('tells what a good answer gives, and no secret of it', async () => {
    const { code, out } = await token({ status: 200, headers: {}, body: good })
    expect(code).toBe(0)
    expect(out).toMatchObject({
      ok: true,
      expiresAt: now + 1_800_000,
      scopes: ['oauth', 'tickets'],
      rotated: true,
      accessToken: '[secret of 8 characters]',
    })
    expect(JSON.stringify(out)).not.toMatch(/acc-1234|ref-5678/)
  })

  it('knows a refresh token that stays from one that changes', async () => {
    const { out } = await token({ status: 200, body: { ...good, refresh_token: undefined } })
    expect(out).toMatchObject({ ok: true, rotated: false })
  })

  it('assumes the usual life of a token where a refresh tells none', async () => {
    const { out } = await token({ status: 200, body: { access_token: 'acc-1234' } })
    expect(out).toMatchObject({ ok: true, expiresAt: now + 1_800_000, rotated: false })
  })

  it('names the member that an answer lacks', async () => {
    const { out } = await token({ status: 200, body: { refresh_token: 'ref-5678' } })
    expect(out.detail).toContain('access_token')
  })

  it('takes a body as text, as it came over the wire', async () => {
    expect((await token({ status: 201, body: JSON.stringify(good) })).out).toMatchObject({ ok: true })
  })

  it.each([
    ['a refusal', 400, { error: 'invalid_grant', error_description: 'expired' }, 'token_rejected', false],
    ['the older form of the vendor', 400, { status: 'BAD_REFRESH_TOKEN', message: 'no' }, 'token_rejected', false],
    ['an error with HTTP 200', 200, { error: 'invalid_grant' }, 'token_rejected', false],
    ['a nested error with HTTP 200', 200, { error: { code: 'invalid_client' } }, 'client_rejected', false],
    ['a nested error', 400, { error: { code: 'invalid_grant', message: 'gone' } }, 'token_rejected', false],
    ['a list of errors', 401, { errors: [{ code: 'invalid_client', title: 'who?' }] }, 'client_rejected', false],
    ['a wrong secret', 401, { message: 'unknown client' }, 'client_rejected', false],
    ['a page instead of an answer', 200, '<html>Welcome to the hotel</html>', 'vendor_bad_answer', true],
    ['a page instead of a refusal', 403, '<html>Forbidden</html>', 'vendor_bad_answer', true],
    ['an answer without a token', 200, { token_type: 'bearer', expires_in: 1800 }, 'vendor_bad_answer', true],
    ['a list', 200, [good], 'vendor_bad_answer', true],
    ['nothing', 204, null, 'vendor_bad_answer', true],
    ['too many', 429, { error: 'slow_down' }, 'rate_limited', true],
    ['trouble', 500, { error: 'invalid_grant' }, 'vendor_failed', true],
    ['trouble at the edge', 503, '<html>Busy</html>', 'vendor_failed', true],
    ['a timeout of the vendor', 408, { message: 'too slow' }, 'vendor_failed', true],
  ])('classifies %s', async (_name, status, body, code, retry) => {
    const ran = await token({ status, headers: {}, body })
    expect(ran.code).toBe(0)
    expect(ran.out).toMatchObject({ ok: false, code, retry })
    expect(ran.out.message.length).toBeGreaterThan(10)
  })

  it.each([
    [429, 'rate_limited'],
    [503, 'vendor_failed'],
  ])('keeps how long to wait after HTTP %i', async (status, code) => {
    const { out } = await token({ status, headers: { 'Retry-After': 30 }, body: '' })
    expect(out).toMatchObject({ ok: false, code, retryAfterMs: 30_000 })
  })

  it("gives the vendor's words of a nested error", async () => {
    const { out } = await token({ status: 400, body: { error: { code: 'invalid_grant', message: 'It is gone' } } })
    expect(out.detail).toBe('invalid_grant: It is gone')
  })

  it('tries the first exchange of a code too', async () => {
    const { out } = await token({ status: 200, body: good, grant: 'authorization_code' })
    expect(out).toMatchObject({ ok: true, scopes: ['oauth', 'tickets'] })
  })

  it.each([
    [{}, 'status'],
    [{ status: 99 }, 'status'],
    [{ status: 200, headers: 'x' }, 'headers'],
    ['[]', 'the file'],
  ])('refuses %j, which is no recorded answer', async (content, where) => {
    const { code, out, err } = await token(content)
    expect({ code, out }).toEqual({ code: 1, out: null })
    expect(err).toContain(`This is no answer of a token endpoint: ${where}`)
  })

  it('classifies any JSON whatever', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 200, max: 599 }), fc.jsonValue(), async (status, body) => {
        expect((await token({ status, body })).code).toBe(0)
      }),
      { numRuns: 60 },
    )
  })
})

describe('every operation of every connector', () => {
  const all = connectors.flatMap((connector) =>
    connector.operations.map((operation) => [connector.id, operation.name, connector, operation] as const),
  )

  it('has a name and a summary of its own', () => {
    const names = all.map(([id, name]) => `${id} ${name}`)
    expect(new Set(names).size).toBe(names.length)
    expect(all.filter(([, name, , { summary }]) => !/^[a-z0-9_]+$/.test(name) || summary.length < 5)).toEqual([])
    expect(names.filter((name) => name.endsWith(' token'))).toEqual([])
  })

  it.each(all)(
    '%s %s takes any JSON: it is read, set aside or refused with its path, never a crash',
    (_id, _name, connector, operation) => {
      const site = siteOf(connector, {})
      const records = fc.array(fc.record({ id: fc.oneof(fc.nat(), fc.string()), x: fc.jsonValue() }), { maxLength: 3 })
      const envelope = fc.dictionary(
        fc.constantFrom('tickets', 'results', 'data', 'users', 'comments', 'value'),
        records,
      )
      fc.assert(
        fc.property(fc.oneof(fc.jsonValue(), envelope, records), (payload) => {
          const { output, problems } = normalize(connector, operation, payload, site)
          expect(problems.filter((problem) => problem.startsWith('internal'))).toEqual([])
          if (output === null) expect(problems).not.toEqual([])
          JSON.stringify(output)
        }),
        { numRuns: 60 },
      )
    },
  )

  it('is found without the command knowing the vendor', () => {
    const invented: Connector = {
      ...zendesk,
      id: 'invented',
      operations: [{ name: 'break', summary: 'always breaks', read: () => Object(null).a.b }],
    }
    const [operation] = invented.operations
    if (operation === undefined) throw new Error('there is one')
    const { output, problems } = normalize(invented, operation, {}, {})
    expect(output).toBeNull()
    expect(problems[0]).toMatch(/^internal: TypeError/)
  })
})
