import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { longestManifest, parseManifest } from '../../../../main/connectors/manifest/parse.ts'
import { type ManifestInput, manifestJsonSchema } from '../../../../main/connectors/manifest/schema.ts'
import { shippedManifests } from '../../../../main/connectors/manifest/shipped.ts'
import { small, textOf } from './small.ts'

const schemaFile = join(import.meta.dirname, '../../../../resources/connector.schema.json')

/** Faults of the small manifest after a change, with what stands at their place in the text. */
function faultsOf(change: (manifest: ManifestInput) => unknown) {
  const text = textOf(change)
  const lines = text.split('\n')
  return parseManifest(text).faults.map(({ line, column, path, message }) => ({
    path,
    message,
    there: lines[line - 1]?.slice(column - 1).trim() ?? '',
  }))
}

/** Lets a test put what the types forbid. */
const loose = (manifest: ManifestInput) =>
  manifest as unknown as Record<string, Record<string, Record<string, unknown>>>

describe('a manifest', () => {
  it('without faults is read, with its defaults', () => {
    const { manifest, faults } = parseManifest(JSON.stringify(small))
    expect(faults).toEqual([])
    expect(manifest?.signIn).toMatchObject({ pkce: 'S256', clientAuthentication: 'body', tokenBody: 'form' })
    expect(manifest?.conversations.changes).toMatchObject({ order: 'newest', overlapSeconds: 120 })
  })

  it('that comes with the app has no faults', () => {
    expect(shippedManifests.map((text) => parseManifest(text).faults)).toEqual([[], [], []])
  })

  it.each([
    ['', 1, 1, 'empty'],
    ['{\n  "manifest": 1,\n  "id" "x"\n}', 3, 8, 'colon'],
    ['{\n  "manifest": 1\n  "id": "x"\n}', 3, 3, 'comma'],
    ['{\n  "manifest": 1,\n}', 3, 1, 'name'],
    ['{\n  // why\n  "manifest": 1\n}', 2, 3, 'comments'],
    ['{\n  "id": "x\n}', 2, 9, 'quote'],
    ['{ "manifest": 1,\n\n  "manifest": 2 }', 3, 3, 'twice'],
    ['[1, 2', 1, 6, ']'],
  ])('that is not JSON is told where: %j', (text, line, column, words) => {
    const [first] = parseManifest(text).faults
    expect(first).toMatchObject({ line, column })
    expect(first?.message).toContain(words)
  })

  it.each<[string, (manifest: ManifestInput) => unknown, string, string, RegExp]>([
    [
      'an unknown member',
      (m) => Object.assign(loose(m).api ?? {}, { baseURL: 'x' }),
      'api.baseURL',
      '"baseURL"',
      /not known here/,
    ],
    ['a missing member', (m) => delete loose(m).identity?.fields?.id, 'identity.fields.id', '"fields"', /missing/],
    ['a wrong type', (m) => Object.assign(m, { name: 7 }), 'name', '"name": 7', /must be a text/],
    [
      'a wrong word',
      (m) => Object.assign(m.signIn, { pkce: 'plain' }),
      'signIn.pkce',
      '"pkce"',
      /one of "S256", "none"/,
    ],
    ['a version of the future', (m) => Object.assign(m, { manifest: 2 }), 'manifest', '"manifest": 2', /must be 1/],
    [
      'a member of a value that is not known',
      (m) => Object.assign(m.conversations.fields, { status: { from: '$.s', otherwhise: 'open' } }),
      'conversations.fields.status.otherwhise',
      '"otherwhise"',
      /not known/,
    ],
    [
      'a way that nobody tells the address of',
      (m) => Object.assign(m.signIn, { ways: ['device'] }),
      'signIn.ways',
      '"ways"',
      /"deviceUrl", or an "issuer"/,
    ],
    [
      'an address of a way that is not named',
      (m) => Object.assign(m.signIn, { ways: ['system-browser'], deviceUrl: 'https://small.example/device' }),
      'signIn.deviceUrl',
      '"deviceUrl"',
      /"ways" does not name/,
    ],
    [
      'a request that is not there',
      (m) => Object.assign(m.conversations, { request: 'lst' }),
      'conversations.request',
      '"request": "lst"',
      /no request named "lst"/,
    ],
    [
      'a value that is not there',
      (m) => Object.assign(m.requests.one ?? {}, { path: '/q/<%= conversation.key %>' }),
      'requests.one.path',
      '"path"',
      /no value "conversation.key".*conversation\.id/,
    ],
    [
      'a value of another request',
      (m) => Object.assign(m.requests.list ?? {}, { query: { q: '<%= command.text %>' } }),
      'requests.list.query.q',
      '"q"',
      /no value "command.text"/,
    ],
    [
      'a placeholder that is code',
      (m) => Object.assign(m.requests.list ?? {}, { query: { q: '<%= 1 + 1 %>' } }),
      'requests.list.query.q',
      '"q"',
      /run as code/,
    ],
    [
      'a scriptlet',
      (m) => Object.assign(m.requests.list ?? {}, { query: { q: '<% steal() %>' } }),
      'requests.list.query.q',
      '"q"',
      /run as code/,
    ],
    [
      'a placeholder that is open',
      (m) => Object.assign(m.requests.list ?? {}, { query: { q: '<%= page' } }),
      'requests.list.query.q',
      '"q"',
      /not closed/,
    ],
    [
      'an unknown filter',
      (m) => Object.assign(m.requests.list ?? {}, { query: { q: '<%= eval(me.id) %>' } }),
      'requests.list.query.q',
      '"q"',
      /eval is not known.*encode/,
    ],
    [
      'the token in a path',
      (m) => Object.assign(m.requests.list ?? {}, { path: '/<%= access_token %>' }),
      'requests.list.path',
      '"path"',
      /headers only/,
    ],
    [
      'the token in a query',
      (m) => Object.assign(m.requests.list ?? {}, { query: { t: '<%= access_token %>' } }),
      'requests.list.query.t',
      '"t"',
      /headers only/,
    ],
    [
      'the token in a body',
      (m) =>
        Object.assign(m.requests.answer ?? {}, {
          json: { a: [{ b: '<%= encode(access_token) %>' }], c: '<%= command.text %>' },
        }),
      'requests.answer.json.a[0].b',
      '"b"',
      /headers only/,
    ],
    [
      'the token in an address',
      (m) => Object.assign(m.api, { baseUrl: 'https://<%= account.team %>.tallybook.example/<%= access_token %>' }),
      'api.baseUrl',
      '"baseUrl"',
      /headers only/,
    ],
    [
      'the token in two forms',
      (m) => {
        Object.assign(m.api, { headers: { Authorization: 'Token <%= access_token %>' } })
        Object.assign(m.requests.list ?? {}, { headers: { authorization: 'Bearer <%= access_token %>' } })
      },
      'requests.list.headers.authorization',
      '"authorization"',
      /another form/,
    ],
    [
      'a header nobody may set',
      (m) => Object.assign(m.api, { headers: { Cookie: 'a=b' } }),
      'api.headers.Cookie',
      '"Cookie"',
      /cannot set/,
    ],
    [
      'a base address at a host that is not declared',
      (m) => Object.assign(m.api, { baseUrl: 'https://other.example/api' }),
      'api.baseUrl',
      '"baseUrl"',
      /one of "hosts"/,
    ],
    [
      'a request to a host that is not declared',
      (m) => Object.assign(m.requests.list ?? {}, { host: 'other.example' }),
      'requests.list.host',
      '"host"',
      /one of "hosts"/,
    ],
    [
      'plain http',
      (m) => Object.assign(m.signIn, { tokenUrl: 'http://id.tallybook.example/token' }),
      'signIn.tokenUrl',
      '"tokenUrl"',
      /https/,
    ],
    [
      'a number for a host',
      (m) => Object.assign(m, { hosts: ['<%= account.team %>.tallybook.example', '127.0.0.1'] }),
      'hosts[1]',
      '"127.0.0.1"',
      /not the name of a host/,
    ],
    [
      'this machine as a host',
      (m) => Object.assign(m, { hosts: ['<%= account.team %>.tallybook.example', 'api.localhost'] }),
      'hosts[1]',
      '"api.localhost"',
      /not the name of a host/,
    ],
    [
      'a port',
      (m) => Object.assign(m, { hosts: ['<%= account.team %>.tallybook.example', 'api.example:8443'] }),
      'hosts[1]',
      '"api.example:8443"',
      /not the name of a host/,
    ],
    [
      'free text in a host',
      (m) => Object.assign(m, { hosts: ['<%= account.team %>.tallybook.example', '<%= account.note %>.example'] }),
      'hosts[1]',
      '"<%= account.note',
      /Free text/,
    ],
    [
      'dots in a path',
      (m) => Object.assign(m.requests.list ?? {}, { path: '/a/../b' }),
      'requests.list.path',
      '"path"',
      /dots/,
    ],
    [
      'a query in a path',
      (m) => Object.assign(m.requests.list ?? {}, { path: '/a?b=1' }),
      'requests.list.path',
      '"path"',
      /"query"/,
    ],
    [
      'a GET with a body',
      (m) => Object.assign(m.requests.list ?? {}, { json: {} }),
      'requests.list.method',
      '"method"',
      /no body/,
    ],
    [
      'a list by POST that may change something',
      (m) => Object.assign(m.requests.list ?? {}, { method: 'POST' }),
      'requests.list.method',
      '"method"',
      /"reads": true/,
    ],
    [
      'a write by GET',
      (m) => Object.assign(m, { writes: { reply: { request: 'one' } } }),
      'writes.reply.request',
      '"request"',
      /changes nothing/,
    ],
    [
      'a reply without its text',
      (m) => Object.assign(m.requests.answer ?? {}, { json: { text: 'Thanks' } }),
      'writes.reply.request',
      '"request"',
      /carries nothing/,
    ],
    [
      'pages nobody asks for',
      (m) => Object.assign(m.conversations, { pages: { kind: 'page', size: 10 } }),
      'requests.list',
      '"list"',
      /never asks for another page/,
    ],
    [
      'a since nobody uses',
      (m) => Object.assign(m.conversations, { changes: { since: 'iso' } }),
      'conversations.changes.since',
      '"since"',
      /does not use/,
    ],
    [
      'a since of no form',
      (m) => Object.assign(m.requests.list ?? {}, { query: { s: '<%= since %>' } }),
      'requests.list',
      '"list"',
      /which form/,
    ],
    [
      'numbered pages from the oldest',
      (m) => {
        Object.assign(m.conversations, { pages: { kind: 'page', size: 10 }, changes: { order: 'oldest' } })
        Object.assign(m.requests.list ?? {}, { query: { p: '<%= page %>' } })
      },
      'conversations.changes.order',
      '"order"',
      /newest first/,
    ],
    [
      'a path that is none',
      (m) => Object.assign(m.conversations.fields, { subject: '$.a[' }),
      'conversations.fields.subject',
      '"subject"',
      /not a path/,
    ],
    [
      'a path with a pattern',
      (m) => Object.assign(m.conversations.fields, { subject: "$.a[?match(@.b, '(a+)+')]" }),
      'conversations.fields.subject',
      '"subject"',
      /not a path/,
    ],
    [
      'a path inside a text that is none',
      (m) => Object.assign(m.conversations.fields, { subject: 'A <%= $.b[ %>' }),
      'conversations.fields.subject',
      '"subject"',
      /cannot be read/,
    ],
    [
      'a status that is none of ours',
      (m) => Object.assign(m.conversations.fields, { status: { from: '$.s', values: { done: 'finished' } } }),
      'conversations.fields.status.values.done',
      '"done"',
      /new, open/,
    ],
    [
      'a role that is none of ours',
      (m) => Object.assign(m.thread.messages?.fields ?? {}, { role: 'boss' }),
      'thread.messages.fields.role',
      '"role"',
      /customer, agent/,
    ],
    ['no thread at all', (m) => Object.assign(m, { thread: {} }), 'thread', '"thread"', /"record", "messages"/],
    [
      'statuses without names',
      (m) => Object.assign(m, { writes: { status: { request: 'answer' } } }),
      'writes.status',
      '"status"',
      /statuses are called/,
    ],
    [
      'a public client without PKCE',
      (m) => Object.assign(m.signIn, { clientAuthentication: 'none', pkce: 'none' }),
      'signIn.pkce',
      '"pkce"',
      /use S256/,
    ],
    [
      'a key that is used twice',
      (m) => m.account.fields?.push({ key: 'team', label: 'Again', help: 'x', kind: 'word' }),
      'account.fields[2].key',
      '"key"',
      /twice/,
    ],
    [
      'a choice without options',
      (m) => m.account.fields?.push({ key: 'zone', label: 'Zone', help: 'x', kind: 'choice' }),
      'account.fields[2].kind',
      '"kind"',
      /options/,
    ],
  ])('with %s is refused at its line', (_what, change, path, there, message) => {
    const faults = faultsOf(change)
    expect(faults.map((each) => each.path)).toContain(path)
    const fault = faults.find((each) => each.path === path)
    expect(fault?.there.startsWith(there)).toBe(true)
    expect(fault?.message).toMatch(message)
  })

  it('never makes reading it throw', () => {
    for (const text of [
      'null',
      '3',
      '"x"',
      '[]',
      '{"__proto__": {"a": 1}}',
      '{"requests": {"a": null}}',
      '\u0000',
      '{"a":'.repeat(200),
      '['.repeat(5000),
      '['.repeat(longestManifest),
    ])
      expect(parseManifest(text).faults.length).toBeGreaterThan(0)
  })
})

describe('the JSON Schema of manifests', () => {
  const schema = JSON.parse(readFileSync(schemaFile, 'utf8'))

  it('is the one made from the form that is read (npm run connector-schema)', () => {
    expect(schema).toEqual(JSON.parse(JSON.stringify(manifestJsonSchema())))
  })

  it('takes what Manydesk takes and refuses what has another form', () => {
    const { $id: _, title: __, ...plain } = schema
    const editor = z.fromJSONSchema(plain)
    for (const text of [...shippedManifests, textOf()]) expect(editor.safeParse(JSON.parse(text)).success).toBe(true)
    for (const change of [
      (m: ManifestInput) => Object.assign(m.api, { baseURL: 'x' }),
      (m: ManifestInput) => Object.assign(m, { id: 'Not An Id' }),
      (m: ManifestInput) => Object.assign(m.conversations, { records: 'questions' }),
      (m: ManifestInput) => Object.assign(m.conversations, { pages: { kind: 'page' } }),
      (m: ManifestInput) => Object.assign(m.signIn, { kind: 'saml' }),
    ])
      expect(editor.safeParse(JSON.parse(textOf(change))).success).toBe(false)
  })
})
