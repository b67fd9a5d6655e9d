import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkExternalUrl } from '../../../main/desktop/external-url.ts'
import { createBrowser } from '../../../main/desktop/shell-links.ts'

const refused = [
  'file:///etc/passwd',
  'FILE:///C:/Windows/System32/calc.exe',
  'file://server/share',
  'smb://server/share',
  'SMB://10.0.0.1/x',
  'ftp://example.com/x',
  'sftp://example.com',
  'http://example.com',
  'HTTP://example.com',
  'ws://example.com',
  'data:text/html,<script>1</script>',
  'blob:https://example.com/1',
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'java\tscript:alert(1)',
  'java\nscript:alert(1)',
  ' javascript:alert(1)',
  'vbscript:msgbox(1)',
  'ms-msdt:/id PCWDiagnostic',
  'ms-officecmd:{}',
  'ms-word:ofe|u|https://example.com/a.docx',
  'ms-settings:privacy',
  'search-ms:query=x&crumb=location:\\\\server',
  'search:query=x',
  'ms-appinstaller:?source=https://example.com',
  'shell:startup',
  'vscode://file/etc/passwd',
  'steam://run/1',
  'tel:+4912345',
  'sms:+4912345',
  'callto:x',
  'facetime:x',
  'app.manydesk://oauth/callback?code=x',
  'app://manydesk/index.html',
  'about:blank',
  'chrome://settings',
  'view-source:https://example.com',
  'intent://x#Intent;end',
  'ssh://-oProxyCommand=x',
  'ldap://example.com',
  'jar:https://example.com!/',
  'jnlp://example.com',
  '\\\\server\\share',
  '//example.com/x',
  '/etc/passwd',
  'C:\\Windows\\System32\\calc.exe',
  'example.com',
  '',
  ' ',
  'https:',
  'https://',
  'https:example.com',
  'https:/example.com',
  'https:\\\\example.com',
  'https://user@example.com',
  'https://user:pass@example.com',
  'https://accounts.example@evil.example/login',
  'https://example.com/\u0000',
  'https://example.com/\r\nHost: evil',
  'https://example.com/a b',
  'https://example.com/\u202Egnp.exe',
  'https://exam\u200Bple.com',
  'https://example.com\\@evil.example',
  'mailto:a@example.com\r\nBcc: b@example.com',
  `https://example.com/${'a'.repeat(4000)}`,
]

describe('addresses that may leave for the operating system', () => {
  it.each(refused)('%j is refused', (text) => {
    expect(() => checkExternalUrl(text)).toThrow(expect.objectContaining({ code: 'bad_request' }))
  })

  it.each([
    ['https://example.com', 'https://example.com/'],
    ['HTTPS://Example.COM/Path?q=1#h', 'https://example.com/Path?q=1#h'],
    ['https://example.com:8443/x', 'https://example.com:8443/x'],
    ['https://bücher.example/ä', 'https://xn--bcher-kva.example/%C3%A4'],
    ['mailto:help@acme.example?subject=Hi', 'mailto:help@acme.example?subject=Hi'],
  ])('%s is allowed', (text, normalised) => {
    expect(checkExternalUrl(text)).toBe(normalised)
  })

  it('whatever text comes, only https and mailto pass, and never with a user name', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.webUrl(),
          fc.string().map((text) => `https://${text}`),
        ),
        (text) => {
          let url: URL
          try {
            url = new URL(checkExternalUrl(text))
          } catch (error) {
            expect(error).toMatchObject({ code: 'bad_request' })
            return
          }
          expect(['https:', 'mailto:']).toContain(url.protocol)
          expect(url.username + url.password).toBe('')
        },
      ),
    )
  })
})

const arrive = () => true

describe('opening the browser', () => {
  it('hands over the normalised address', async () => {
    const opened: string[] = []
    await createBrowser({ openExternal: async (url) => void opened.push(url) }, arrive).openExternal(
      'https://Example.com',
    )
    expect(opened).toEqual(['https://example.com/'])
  })

  it('hands over nothing that was refused', async () => {
    const opened: string[] = []
    const browser = createBrowser({ openExternal: async (url) => void opened.push(url) }, arrive)
    await expect(browser.openExternal('smb://server')).rejects.toMatchObject({ code: 'bad_request' })
    expect(opened).toEqual([])
  })

  it('says so when no browser opens', async () => {
    const browser = createBrowser({ openExternal: () => Promise.reject(new Error('no handler')) }, arrive)
    await expect(browser.openExternal('https://example.com')).rejects.toMatchObject({
      code: 'handshake_browser_failed',
    })
  })
})
