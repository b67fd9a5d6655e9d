import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { JSDOM, VirtualConsole } from 'jsdom'
import { describe, expect, test } from 'vitest'

const html = readFileSync(join(import.meta.dirname, '../../../resources/redirect/index.html'), 'utf8')
const hash = (text: string | undefined) =>
  `'sha256-${createHash('sha256')
    .update(text ?? '')
    .digest('base64')}'`

function load(query: string): Document {
  const { window } = new JSDOM(html, {
    url: `https://connect.manydesk.app/oauth/callback${query}`,
    runScripts: 'dangerously',
    // jsdom cannot leave for the custom protocol and says so.
    virtualConsole: new VirtualConsole(),
  })
  return window.document
}
const link = (document: Document) => document.getElementById('return')?.getAttribute('href') ?? null

describe('the hand-over page', () => {
  test('allows exactly its own script and style, and no other source of anything', () => {
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1]
    const script = hash(/<script>([\s\S]*?)<\/script>/.exec(html)?.[1])
    const style = hash(/<style>([\s\S]*?)<\/style>/.exec(html)?.[1])
    expect(policy).toBe(
      `default-src 'none'; script-src ${script}; style-src ${style}; base-uri 'none'; form-action 'none'`,
    )
    expect(html).toContain('<meta name="referrer" content="no-referrer">')
    expect(html).not.toMatch(/\ssrc=|\son\w+=|localStorage|sessionStorage|cookie|fetch\(|import\s/)
    expect([...html.matchAll(/https?:\/\/[^\s"'<]+/g)]).toEqual([])
  })

  test.each([
    ['?code=a&state=b', 'code=a&state=b'],
    [
      '?state=b&code=a%20b%2B&iss=https%3A%2F%2Fx.example&scope=r+w',
      'code=a%20b%2B&state=b&iss=https%3A%2F%2Fx.example&scope=r%20w',
    ],
    ['?error=access_denied&error_description=No%21&state=b', 'state=b&error=access_denied&error_description=No%21'],
    ['?code=a&state=b&session_state=x&utm=1&redirect_uri=https://evil.example', 'code=a&state=b'],
  ])('passes on the known parameters of %s and nothing else', (query, passed) => {
    const document = load(query)
    expect(link(document)).toBe(`app.manydesk://oauth/callback?${passed}`)
    expect(document.getElementById('answer')?.hidden).toBe(false)
    expect(document.getElementById('return')?.textContent).toBe('Return to Manydesk')
  })

  test('takes the answer out of the address at once', () => {
    expect(load('?code=a&state=b').location.href).toBe('https://connect.manydesk.app/oauth/callback')
    expect(load('?x=1').location.href).toBe('https://connect.manydesk.app/oauth/callback')
  })

  test.each([
    '',
    '?code=a',
    '?state=b',
    '?code=a&error=b&state=c',
    '?code=a&code=b&state=c',
    '?code=a&state=b&state=c',
  ])('passes nothing on for %j and says so', (query) => {
    const document = load(query)
    expect(link(document)).toBeNull()
    expect(document.getElementById('answer')?.hidden).toBe(true)
  })

  test('shows what the vendor sent as nothing but a link target', () => {
    const document = load('?code=%22%3E%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&state=b')
    expect(document.querySelector('img')).toBeNull()
    expect(link(document)).toContain('code=%22%3E%3Cimg')
  })
})
