import { describe, expect, it } from 'vitest'
import { importFreshworksApp } from '../../../main/connectors/freshworks-import/import.ts'
import { reportText } from '../../../main/connectors/freshworks-import/report.ts'
import { parseManifest } from '../../../main/connectors/manifest/parse.ts'
import type { ManifestInput } from '../../../main/connectors/manifest/schema.ts'
import { app23, app30, app31 } from './freshworks-app.ts'

const run = ({ oauth, requests, iparams }: { oauth: unknown; requests: unknown; iparams?: unknown }) =>
  importFreshworksApp({
    oauthConfig: JSON.stringify(oauth),
    requests: JSON.stringify(requests),
    ...(iparams === undefined ? {} : { iparams: JSON.stringify(iparams) }),
  })
const manifestOf = ({ text }: { text: string }) => JSON.parse(text) as ManifestInput
const one = (imported: ReturnType<typeof run>, integration: string) => {
  const found = imported.manifests.find((each) => each.integration === integration)
  if (found === undefined) throw new Error(`no ${integration}`)
  return found
}
const all = (lines: string[]) => lines.join('\n')

describe('a Freshworks app of platform 2.3', () => {
  const imported = run(app23)
  const only = one(imported, '')
  const manifest = manifestOf(only)

  it('becomes a manifest that can be used at once where its requests say enough', () => {
    expect(imported.manifests).toHaveLength(1)
    expect(only.faults).toEqual([])
    expect(parseManifest(only.text).manifest?.id).toBe('freshworks-app')
  })

  it('brings its sign-in, without the client', () => {
    expect(manifest.signIn).toMatchObject({
      kind: 'oauth',
      authorizeUrl: app23.oauth.authorize_url,
      tokenUrl: app23.oauth.token_url,
      scopes: [{ id: 'entries' }, { id: 'comments' }],
      clientAuthentication: 'body',
      authorizeParameters: { access_type: 'offline' },
    })
    expect(manifest.account.fields).toBeUndefined()
    expect(all(only.report.notCarried)).toContain('Client id and secret')
    expect(all(only.report.taken)).toContain('token_type "agent"')
  })

  it('brings its requests, with the values of Manydesk in place of those of a call', () => {
    expect(Object.keys(manifest.requests)).toEqual([
      'get_me',
      'list_entries',
      'get_entry',
      'list_comments',
      'reply_to_entry',
      'set_state',
    ])
    expect(manifest.hosts).toEqual(['api.punchclock.example'])
    expect(manifest.api).toMatchObject({
      baseUrl: 'https://api.punchclock.example',
      headers: { Authorization: 'Bearer <%= access_token %>' },
    })
    expect(manifest.requests.list_entries).toEqual({
      method: 'GET',
      path: '/v1/entries',
      query: { state: 'disputed', page: '<%= page %>', per_page: '50' },
    })
    expect(manifest.requests.get_entry?.path).toBe('/v1/entries/<%= conversation.id %>')
    expect(all(only.report.notCarried)).toContain('"listEntries": maxAttempts')
    expect(all(only.report.needsAnswer)).toMatch(/"setState": an app builds the body in code/)
  })

  it('guesses what each request is for, and asks for all of it', () => {
    expect(manifest.identity.request).toBe('get_me')
    expect(manifest.conversations).toMatchObject({ request: 'list_entries', pages: { kind: 'page', size: 50 } })
    expect(manifest.thread).toMatchObject({ record: { request: 'get_entry' }, messages: { request: 'list_comments' } })
    expect(manifest.writes).toEqual({ reply: { request: 'reply_to_entry' } })
    for (const name of ['get_me', 'list_entries', 'get_entry', 'list_comments', 'reply_to_entry', 'set_state'])
      expect(all(only.report.needsAnswer)).toContain(`"${name}"`)
  })
})

describe('a Freshworks app of platform 3.0', () => {
  const imported = run(app30)
  const tracker = one(imported, 'timeTracker')
  const desk = one(imported, 'brand_desk')

  it('becomes one manifest for each sign-in, each with its own requests', () => {
    expect(imported.manifests.map((each) => each.id)).toEqual(['time-tracker', 'brand-desk'])
    expect(Object.keys(manifestOf(tracker).requests)).toEqual(['list_hours'])
    expect(Object.keys(manifestOf(desk).requests)).toEqual(['list_tickets'])
    expect(all(imported.report.notCarried)).toMatch(
      /"ping": it is not signed in[\s\S]*"old": oauth_config.json has no integration "gone"/,
    )
    expect(all(desk.report.notCarried)).toContain('the method TRACE')
  })

  it('asks before signing in for what its addresses and requests need, by where it stands', () => {
    expect(manifestOf(tracker).account.fields).toEqual([
      expect.objectContaining({ key: 'workspace', label: 'Workspace', kind: 'subdomain', domain: 'hourglass.example' }),
      expect.objectContaining({
        key: 'zone',
        kind: 'choice',
        options: [
          { value: 'eu', label: 'eu' },
          { value: 'us', label: 'us' },
        ],
      }),
    ])
    expect(manifestOf(tracker).signIn).toMatchObject({
      authorizeUrl: 'https://<%= account.workspace %>.hourglass.example/oauth2/authorize',
      tokenUrl: 'https://<%= account.workspace %>.hourglass.example/oauth2/token',
    })
    expect(manifestOf(desk).account.fields).toEqual([
      expect.objectContaining({ key: 'org_host', kind: 'host', placeholder: 'acme.desk.example' }),
    ])
    expect(all(tracker.report.notCarried)).toContain('Setting "colour"')
  })

  it('takes scopes with commas and Basic client authentication', () => {
    expect(manifestOf(tracker).signIn).toMatchObject({
      scopeSeparator: ',',
      clientAuthentication: 'basic',
      scopes: [{ id: 'time.read' }, { id: 'time.write' }],
    })
    expect(all(tracker.report.notCarried)).toContain('Header "X-Region"')
    expect(all(tracker.report.notCarried)).toContain('token_type "account"')
  })

  it('asks about what it does not know, leaves it in the text, and says at which line', () => {
    expect(all(tracker.report.needsAnswer)).toContain('what is context.mood?')
    const fault = tracker.faults.find((each) => each.path === 'requests.list_hours.query.mood')
    expect(tracker.text.split('\n')[(fault?.line ?? 0) - 1]).toContain('context.mood')
    expect(all(tracker.report.notCarried)).toContain('encode(iparam.api_key')
    expect(manifestOf(tracker).conversations).toMatchObject({ pages: { kind: 'cursor' }, changes: { since: 'iso' } })
    expect(manifestOf(desk).conversations).toMatchObject({ pages: { kind: 'offset' } })
  })

  it('holds no secret, neither in the manifests nor in the report', () => {
    const everything = JSON.stringify(imported) + imported.manifests.map((each) => reportText(each.report)).join('')
    for (const secret of ['hush-0815', 'aWQ6aHVzaC0wODE1', 'id-of-the-app-4711'])
      expect(everything).not.toContain(secret)
  })
})

describe('a Freshworks app of platform 3.1', () => {
  const shop = one(run(app31), 'shop')

  it('is told where it must become https, and where requests are missing', () => {
    expect(manifestOf(shop).requests.orders).toMatchObject({ method: 'GET', path: '/orders' })
    expect(manifestOf(shop).api.headers).toEqual({ Authorization: 'Token <%= access_token %>' })
    expect(all(shop.report.needsAnswer)).toMatch(/authorize URL must begin with https[\s\S]*"orders": it used http/)
    expect(shop.faults.map((each) => each.path)).toEqual(
      expect.arrayContaining(['signIn.authorizeUrl', 'identity.request', 'thread.record.request']),
    )
  })
})

describe('files that are not of such an app', () => {
  it.each([
    ['{', '{}', 'oauth_config.json'],
    ['[]', '{}', 'oauth_config.json'],
    ['{"integrations": {}}', '{}', 'oauth_config.json'],
    ['{"integrations": {"a": {"authorize_url": "https://a.example"}}}', '{}', 'token_url'],
    [JSON.stringify(app31.oauth), '[1]', 'requests.json'],
    [JSON.stringify(app31.oauth), '{"a": {"schema": {"method": "GET"}}}', 'a'],
    [JSON.stringify(app31.oauth), 'no', 'requests.json'],
  ])('%j and %j are refused by name', (oauthConfig, requests, words) => {
    expect(() => importFreshworksApp({ oauthConfig, requests })).toThrow(
      expect.objectContaining({ code: 'bad_request', detail: expect.stringContaining(words) }),
    )
  })

  it('may lack all that can be lacking', () => {
    const bare = { authorize_url: 'https://a.example/x', token_url: 'https://a.example/y' }
    const [first] = run({ oauth: bare, requests: {} }).manifests
    expect(first?.report.needsAnswer.length).toBeGreaterThan(3)
    expect(parseManifest(first?.text ?? '').faults.map((each) => each.path)).not.toContain('')
  })
})
