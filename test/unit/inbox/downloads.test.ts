import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import type { Attachment } from '../../../main/connectors/model.ts'
import { cleanFileName, numberedFileName } from '../../../main/files/file-name.ts'
import { createDownloads } from '../../../main/inbox/downloads.ts'
import { unrestricted } from '../policy/policies.ts'
import { contextFor, quietLog, scriptedVendor } from './scripted-vendor.ts'

function setUp(name: string, folderBelow = '') {
  const root = mkdtempSync(join(tmpdir(), 'manydesk-downloads-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const attachment: Attachment = {
    vendorId: 'f1',
    name,
    contentType: 'application/pdf',
    size: 3,
    url: 'https://x.example/f1',
    inline: false,
    contentId: null,
  }
  const folder = join(root, folderBelow)
  const downloads = createDownloads({
    store: { attachment: async (_, id) => (id === 'f1' ? { accountId: 'acme', attachment } : null) },
    connectorFor: () => scriptedVendor().connector,
    contextFor,
    folder: () => folder,
    platform: 'linux',
    policy: unrestricted(),
    log: quietLog,
  })
  return { downloads, folder, root }
}

test('an attachment is written whole under its own name', async () => {
  const { downloads, folder } = setUp('invoice.pdf', 'not/there/yet')
  expect(await downloads.download('m', 'f1')).toEqual({ fileName: 'invoice.pdf', folder })
  expect([...readFileSync(join(folder, 'invoice.pdf'))]).toEqual([1, 2, 3])
  expect(readdirSync(folder)).toEqual(['invoice.pdf'])
})

test('a file that is there is never replaced', async () => {
  const { downloads, folder } = setUp('invoice.pdf')
  writeFileSync(join(folder, 'invoice.pdf'), 'mine')
  const names = await Promise.all([1, 2, 3].map(() => downloads.download('m', 'f1')))
  expect(names.map((one) => one.fileName).toSorted()).toEqual(['invoice (2).pdf', 'invoice (3).pdf', 'invoice (4).pdf'])
  expect(readFileSync(join(folder, 'invoice.pdf'), 'utf8')).toBe('mine')
})

test('a name that climbs stays in the downloads folder', async () => {
  const { downloads, folder, root } = setUp('../../evil.sh', 'downloads')
  const { fileName } = await downloads.download('m', 'f1')
  expect(readdirSync(root)).toEqual(['downloads'])
  expect(readdirSync(folder)).toEqual([fileName])
})

test('an unknown attachment and a folder that cannot be written to are told apart', async () => {
  const { downloads, root } = setUp('a.pdf', 'taken')
  await expect(downloads.download('m', 'f2')).rejects.toMatchObject({ code: 'not_found' })
  writeFileSync(join(root, 'taken'), 'a file where the folder should be')
  await expect(downloads.download('m', 'f1')).rejects.toMatchObject({ code: 'file_failed' })
})

test('nothing is left behind when the name cannot be taken', async () => {
  const { downloads, folder } = setUp('a.pdf')
  mkdirSync(join(folder, 'a.pdf'))
  await downloads.download('m', 'f1')
  expect(readdirSync(folder).toSorted()).toEqual(['a (2).pdf', 'a.pdf'])
})

const cleaned: [string, string][] = [
  ['report.pdf', 'report.pdf'],
  ['../../etc/passwd', '_.._etc_passwd'],
  ['..\\..\\boot.ini', '_.._boot.ini'],
  ['C:\\Windows\\x.exe', 'C__Windows_x.exe'],
  ['con', '_con'],
  ['COM1.txt', '_COM1.txt'],
  ['LPT¹', '_LPT¹'],
  ['.bashrc', 'bashrc'],
  ['invoice\u202Efdp.exe', 'invoice_fdp.exe'],
  ['a\u0000b\nc', 'a_b_c'],
  ['what?.txt', 'what_.txt'],
  ['stream.txt:Zone.Identifier', 'stream.txt_Zone.Identifier'],
  ['trailing. . ', 'trailing'],
  ['Größe 東京.png', 'Größe 東京.png'],
  ['', 'attachment'],
  ['...', 'attachment'],
]
for (const [from, to] of cleaned) {
  test(`the name ${JSON.stringify(from)} becomes ${JSON.stringify(to)}`, () => expect(cleanFileName(from)).toBe(to))
}

test('any name becomes one harmless path segment of bounded length that cleaning leaves alone', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
      const clean = cleanFileName(name)
      expect(clean).not.toMatch(/[/\\\p{Cc}:<>"|?*\u202a-\u202e]|^\.|[. ]$/u)
      expect(clean.length).toBeGreaterThan(0)
      expect(Buffer.byteLength(clean)).toBeLessThanOrEqual(181)
      expect(cleanFileName(clean)).toBe(clean)
    }),
  )
})

test('a long name keeps its extension', () => {
  const clean = cleanFileName(`${'ü'.repeat(300)}.pdf`)
  expect(clean).toMatch(/^ü+\.pdf$/)
  expect(Buffer.byteLength(clean)).toBeLessThanOrEqual(180)
  expect(numberedFileName('a.tar.gz', 3)).toBe('a.tar (3).gz')
  expect(numberedFileName('noext', 2)).toBe('noext (2)')
})
