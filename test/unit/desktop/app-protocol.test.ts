import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type AppFiles,
  appSchemePrivileges,
  appUrl,
  contentSecurityPolicy,
  createAppHandler,
  isAppUrl,
  listAppFiles,
} from '../../../main/desktop/app-protocol.ts'

let folder: string
let files: AppFiles

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'manydesk-pages-'))
  mkdirSync(join(folder, 'pages', 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.html'), 'secret')
  writeFileSync(join(folder, 'pages', 'index.html'), '<!doctype html>main')
  writeFileSync(join(folder, 'pages', 'auth-bar.html'), '<!doctype html>bar')
  writeFileSync(join(folder, 'pages', 'assets', 'index-a1.js'), 'export {}')
  writeFileSync(join(folder, 'pages', 'assets', 'notes.map'), 'not served')
  files = await listAppFiles(join(folder, 'pages'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const get = (url: string, init?: RequestInit) => createAppHandler(files)(new Request(url, init))

describe('pages of the app', () => {
  it.each([
    ['app://manydesk/', 'text/html; charset=utf-8', '<!doctype html>main'],
    ['app://manydesk/index.html', 'text/html; charset=utf-8', '<!doctype html>main'],
    ['app://manydesk/auth-bar.html#host=a', 'text/html; charset=utf-8', '<!doctype html>bar'],
    ['app://manydesk/assets/index-a1.js', 'text/javascript; charset=utf-8', 'export {}'],
  ])('%s is served', async (url, type, body) => {
    const answer = await get(url)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe(type)
    expect(await answer.text()).toBe(body)
  })

  it.each([
    'app://manydesk/../secret.html',
    'app://manydesk/..%2fsecret.html',
    'app://manydesk/..%2f..%2fsecret.html',
    'app://manydesk/%2e%2e/secret.html',
    'app://manydesk/assets/..%5c..%5csecret.html',
    'app://manydesk/..\\secret.html',
    'app://manydesk/index.html%00.js',
    'app://manydesk//index.html',
    'app://manydesk//evil/index.html',
    'app://manydesk/INDEX.HTML',
    'app://manydesk/index.html/',
    'app://manydesk/assets',
    'app://manydesk/assets/notes.map',
    'app://manydesk/constructor',
    'app://manydesk/__proto__',
    'app://MANYDESK.evil/index.html',
    'app://manydesk:80/index.html',
    'app://evil/index.html',
    'https://manydesk/index.html',
    'file:///etc/passwd',
  ])('%s finds nothing', async (url) => {
    expect((await get(url)).status).toBe(404)
  })

  it('no text of a request finds a file outside of the list', async () => {
    await fc.assert(
      fc.asyncProperty(fc.webPath(), fc.string(), async (path, tail) => {
        const url = `app://manydesk/${path.slice(1)}${encodeURI(tail.toWellFormed())}`
        const answer = await get(url)
        const served = [...files.keys(), '/'].includes(new URL(url).pathname)
        expect(answer.status).toBe(served ? 200 : 404)
      }),
    )
  })

  it('only reading is answered', async () => {
    expect((await get('app://manydesk/index.html', { method: 'POST' })).status).toBe(404)
  })

  it('no response header is built from the request', async () => {
    const plain = await get('app://manydesk/nothing')
    const hostile = await get('app://manydesk/x%0d%0aset-cookie:a=b?x=%0d%0ay')
    expect([...hostile.headers]).toEqual([...plain.headers])
  })
})

describe('the policy of the pages', () => {
  it('is exactly this', () => {
    expect(contentSecurityPolicy).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; " +
        "img-src 'self' blob: data:; font-src 'self'; connect-src 'none'; object-src 'none'; frame-src 'none'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    )
  })

  it('comes with every answer, found or not', async () => {
    for (const url of ['app://manydesk/', 'app://manydesk/assets/index-a1.js', 'app://manydesk/nothing']) {
      const { headers } = await get(url)
      expect(headers.get('content-security-policy')).toBe(contentSecurityPolicy)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  it('the scheme never bypasses it', () => {
    expect(appSchemePrivileges).toEqual({
      scheme: 'app',
      privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true },
    })
  })
})

describe('addresses of the app', () => {
  it('are told apart by protocol and host, not by origin', () => {
    expect(isAppUrl(appUrl('/index.html'))).toBe(true)
    for (const foreign of [
      'other://manydesk/index.html',
      'app://evil/index.html',
      'app://user@manydesk/index.html',
      'app://manydesk:1/index.html',
      'app:manydesk/index.html',
      'about:blank',
      '',
    ]) {
      expect(isAppUrl(foreign), foreign).toBe(false)
    }
  })

  it('can be compared with one page', () => {
    expect(isAppUrl('app://manydesk/', '/index.html')).toBe(true)
    expect(isAppUrl('app://manydesk/index.html?a#b', '/index.html')).toBe(true)
    expect(isAppUrl('app://manydesk/auth-bar.html', '/index.html')).toBe(false)
  })
})
