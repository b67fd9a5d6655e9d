import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createManifestConnector } from '../../../../main/connectors/manifest/connector.ts'
import { linkHeader } from '../../../../main/connectors/manifest/pages.ts'
import { isHostName, renderHost } from '../../../../main/connectors/manifest/places.ts'
import { prepare } from '../../../../main/connectors/manifest/send.ts'
import { AppError } from '../../../../main/errors.ts'
import { scripted } from '../scripted.ts'
import { conversation } from './conversation.ts'
import { manifestOf, site } from './small.ts'

/** Anything at all, with what breaks out of places more often than chance has it. */
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '..',
    '.',
    '%2e%2e',
    '../..',
    'a/../b',
    '/',
    '//evil.example',
    '@evil.example',
    'x\r\nX-Evil: 1',
    '?a=b',
    '#',
    '\\',
    '", "admin": true, "x": "',
    '<%= access_token %>',
    '$.id',
    '\ud800',
    '\u0000',
    '%',
    'https://evil.example/',
    '.evil.example',
    'evil.example#',
    ' ',
  ),
)

const attempt = <T>(work: () => T): T | AppError => {
  try {
    return work()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

describe('a value in a request', () => {
  const manifest = manifestOf((m) => {
    Object.assign(m.requests.list ?? {}, { query: { q: 'of <%= me.name %>', r: '<%= me.name %>' } })
  })
  const request = (values: Record<string, unknown>, name = 'answer') =>
    prepare(manifest, name, site, { 'account.team': 'acme', 'account.note': 'hello', 'me.name': 'M', ...values })

  it('stays one piece of the path, or is refused', () => {
    fc.assert(
      fc.property(hostile, (id) => {
        const made = attempt(() => request({ 'conversation.id': id, 'command.text': 'x', 'command.html': 'y' }))
        if (made instanceof AppError) {
          expect(made).toMatchObject({ code: 'bad_request', outcome: 'refused' })
          return
        }
        const pieces = made.url.pathname.split('/')
        expect(pieces).toHaveLength(5)
        expect(pieces.slice(0, 3)).toEqual(['', 'api', 'questions'])
        expect(decodeURIComponent(pieces[3] ?? '')).toBe(id)
        expect([made.url.origin, made.url.search, made.url.hash]).toEqual(['https://acme.tallybook.example', '', ''])
      }),
      { numRuns: 500 },
    )
  })

  it('stays one value of the query', () => {
    fc.assert(
      fc.property(hostile, (name) => {
        const { url } = request({ 'me.name': name }, 'list')
        const wellFormed = name.toWellFormed()
        expect([...url.searchParams]).toEqual([['q', `of ${wellFormed}`], ...(name === '' ? [] : [['r', wellFormed]])])
      }),
      { numRuns: 500 },
    )
  })

  it('stays one text of a JSON body, whatever stands in it', () => {
    fc.assert(
      fc.property(hostile, hostile, (text, html) => {
        const made = request({ 'conversation.id': '1', 'command.text': text, 'command.html': html })
        expect(JSON.parse(JSON.stringify(made.body.json))).toEqual({ text, html: `so: ${html}`, to: 'hello' })
      }),
      { numRuns: 500 },
    )
  })

  it('begins no other header', () => {
    fc.assert(
      fc.property(hostile, (note) => {
        const made = attempt(() => request({ 'conversation.id': '1', 'account.note': note }))
        if (made instanceof AppError) return
        expect(Object.keys(made.headers).sort()).toEqual(['X-Note', 'accept'])
        expect(new Headers(made.headers).get('x-note')).toBe(note.trim())
        expect(note).toMatch(/^[\x20-\x7e]*$/)
      }),
      { numRuns: 500 },
    )
  })

  it('keeps its type in JSON where it stands alone, and is left out where there is none', () => {
    const typed = manifestOf((m) => {
      Object.assign(m.requests.answer ?? {}, {
        json: {
          n: '<%= number(conversation.id) %>',
          none: '<%= conversation.group %>',
          gone: '<%= number(conversation.brand) %>',
          list: '<%= command.text %>',
          fixed: 7,
          deep: [true, null, { t: '<%= encode(command.text) %>' }],
        },
      })
    })
    const { body } = prepare(typed, 'answer', site, {
      'conversation.id': '12',
      'conversation.group': null,
      'conversation.brand': 'x',
      'command.text': ['a', 'b'],
    })
    expect(body.json).toEqual({ n: 12, none: null, list: ['a', 'b'], fixed: 7, deep: [true, null, { t: '' }] })
  })
})

describe('the token', () => {
  it('reaches no host but the declared ones, whatever the account, the conversation and the answers hold', async () => {
    const manifest = manifestOf((m) => {
      Object.assign(m.conversations, { pages: { kind: 'link', next: '$.next' } })
    })
    const connector = createManifestConnector(manifest)
    await fc.assert(
      fc.asyncProperty(hostile, hostile, hostile, async (id, team, next) => {
        const values = { team: attempt(() => connector.signIn.fields[0]?.normalise(team) ?? '') }
        if (values.team instanceof AppError) return
        const place = { ...site, team: values.team }
        const { ctx, calls } = scripted(connector, place, () => ({
          body: { next, questions: [{ id, changed: '2026-01-01' }] },
        }))
        const quiet = (work: Promise<unknown>) => work.catch((error: unknown) => expect(error).toBeInstanceOf(AppError))
        await quiet(connector.pull(ctx, null).then((page) => connector.pull(ctx, page.cursor)))
        await quiet(connector.thread(ctx, id))
        await quiet(
          connector.execute(ctx, conversation({ vendorId: id }), { kind: 'reply', bodyText: next, bodyHtml: next }),
        )
        for (const { url } of calls) expect(url.hostname).toBe(`${values.team}.tallybook.example`)
        expect(connector.hosts(place).allowed).toEqual([`${values.team}.tallybook.example`])
      }),
      { numRuns: 200 },
    )
  })

  it('travels in the headers of the manifest, and a strange token never becomes another header', () => {
    const headers = { 'X-Api-Key': '<%= access_token %>', Authorization: 'Basic <%= encode(access_token) %>' }
    const connector = createManifestConnector(manifestOf((m) => Object.assign(m.api, { headers })))
    expect(connector.authorize?.('abc', { site, now: 0 })).toEqual({ 'x-api-key': 'abc', authorization: 'Basic YWJj' })
    expect(() => connector.authorize?.('a\r\nx: y', { site, now: 0 })).toThrow(AppError)
    expect(createManifestConnector(manifestOf()).authorize?.('abc', { site, now: 0 })).toEqual({
      authorization: 'Bearer abc',
    })
  })

  it('is in no prepared request', () => {
    const manifest = manifestOf((m) =>
      Object.assign(m.requests.list ?? {}, { headers: { 'X-Token': '<%= access_token %>', 'X-Plain': 'yes' } }),
    )
    expect(prepare(manifest, 'list', site, { access_token: 'abc' }).headers).toEqual({
      accept: 'application/json',
      'X-Plain': 'yes',
    })
  })
})

describe('a host', () => {
  it.each(['acme.tallybook.example', 'a-1.b.example'])('is %s', (host) => expect(isHostName(host)).toBe(true))
  it.each([
    '',
    'localhost',
    'a.localhost',
    '127.0.0.1',
    '10.1',
    '[::1]',
    'a..b',
    'a.example:1',
    'u@a.example',
    'a.example/x',
    '-a.example',
    'A.example',
    'ä.example',
    `${'x'.repeat(64)}.example`,
    '0x7f.0x1',
    '127.0.0.0x1',
    '10.0x0',
    'acme.0xa',
  ])('is not %j', (host) => expect(isHostName(host)).toBe(false))
  it('made of a value is a host or refused', () => {
    fc.assert(
      fc.property(hostile, (team) => {
        const host = attempt(() => renderHost('<%= account.team %>.tallybook.example', { team }))
        if (host instanceof AppError) {
          expect(host.code).toBe('site_invalid')
          return
        }
        expect(host.endsWith('.tallybook.example')).toBe(true)
        expect(new URL(`https://${host}/`).hostname).toBe(host)
      }),
    )
  })
})

describe('a Link header', () => {
  it.each([
    ['<https://a.example/?p=2>; rel="next"', 'https://a.example/?p=2'],
    ['<https://a.example/?p=1>; rel="prev", <https://a.example/?p=3>; rel=next', 'https://a.example/?p=3'],
    ['</list?p=2>; title="a, b"; REL="first next"', '/list?p=2'],
    ['<https://a.example/?p=1>; rel="last"', null],
    ['<https://a.example/?p=1>; rel="nextish"', null],
    ['garbage', null],
    [null, null],
  ])('%j leads to %j', (header, next) => expect(linkHeader(header)).toBe(next))
})
